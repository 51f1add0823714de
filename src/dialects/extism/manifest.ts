// The Extism manifest, native (snake_case) and of the JS SDK (camelCase), as text or as an object.
// Unlike both, every limit in it counts, and unknown keys are errors in either form.

import type { Limits } from '../../limits.ts';
import { askedLimit } from '../../manifest/asked-limits.ts';
import { Fields } from '../../manifest/fields.ts';
import { bareDraft, CONFIG_RULE, type ManifestDraft, type ReadOptions } from '../../manifest/manifest-draft.ts';
import type { PermissionRequest } from '../../manifest/plugin-manifest.ts';
import { invalid } from '../../util/json/untrusted-json.ts';
import { EXTISM_KEYS } from './keys.ts';
import { readWasmItems } from './wasm-items.ts';

const MEMORY_KEYS = ['max_pages', 'max_http_response_bytes', 'max_var_bytes'];
const STYLE = { camelCase: true, nullIsAbsent: true };

/** @throws {ClocheError} MANIFEST_INVALID with the path of the field */
export function readExtism(value: unknown, options: ReadOptions): ManifestDraft {
  const top = new Fields(value, [], EXTISM_KEYS, STYLE);
  const list = top.list('wasm', Number.POSITIVE_INFINITY);
  if (list === undefined && !options.mainGiven) throw invalid(['wasm'], 'is missing: no module is given');
  return {
    ...bareDraft('extism'),
    ...(list && readWasmItems(list, ['wasm'], options)),
    config: top.textMap('config', CONFIG_RULE.entries, { max: CONFIG_RULE.max, lines: true }) ?? new Map(),
    permissions: readAllowedHosts(top),
    limits: readLimits(top),
    warnings: readAllowedPaths(top),
  };
}

/** Absent and `[]` both mean none, as in the native code; its documentation says otherwise (EX9). */
function readAllowedHosts(top: Fields): PermissionRequest[] {
  const allow = top.texts('allowed_hosts', 1_000, { max: 255 }) ?? [];
  return allow.length === 0 ? [] : [{ capability: 'http', scope: { allow }, reason: undefined }];
}

function readAllowedPaths(top: Fields): string[] {
  const paths = top.textMap('allowed_paths', 1_000, { max: 4_096 });
  return paths && paths.size > 0
    ? ['The manifest asks for `allowed_paths`, and a web page has no file system: none is given.']
    : [];
}

/** 0 stays 0: it means none of it, never "no limit". */
function readLimits(top: Fields): Partial<Limits> {
  const memory = top.has('memory') ? new Fields(top.raw('memory'), top.path('memory'), MEMORY_KEYS, STYLE) : undefined;
  const limits: Partial<Limits> = {};
  // As natively, what a module starts with is free (EX10). There it is one budget for all memories, here for each.
  if (memory?.has('max_pages')) {
    limits.growthPages = askedLimit('growthPages', memory.raw('max_pages'), memory.path('max_pages'));
  }
  if (memory?.has('max_http_response_bytes')) {
    const key = 'max_http_response_bytes';
    limits.httpResponseBytes = askedLimit('httpResponseBytes', memory.raw(key), memory.path(key));
  }
  if (memory?.has('max_var_bytes')) {
    limits.varBytes = askedLimit('varBytes', memory.raw('max_var_bytes'), memory.path('max_var_bytes'));
  }
  if (top.has('timeout_ms')) {
    limits.timeoutMs = askedLimit('timeoutMs', top.raw('timeout_ms'), top.path('timeout_ms'));
  }
  return limits;
}
