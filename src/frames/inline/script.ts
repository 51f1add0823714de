// A script of a page made ready: what it imports and what it reads as `location` is rewritten, the rest stays as it is.

import { messageOf } from '../../errors.ts';
import { withPauses } from '../../util/pauses.ts';
import { applyEdits, type Edit } from './edits.ts';
import type { ImportScope, Imports } from './imports.ts';
import type { ScriptKind } from './rewrite-location.ts';
import type { ScriptParser } from './script-parser.ts';

/** Scripts beyond this are not read as JavaScript, only for their imports: it would take too long. */
const MOST_PARSED_LENGTH = 2 << 20;
/** Scripts beyond this are read for their imports in the worker: each MiB takes some 30 ms. */
const MOST_LEXED_LENGTH = 1 << 17;
/** Scripts that were read last, by their text: an admin opens the same tab again and again. */
const MOST_REMEMBERED = 16;

const remembered = new Map<string, Promise<Edit[]>>();
const NO_IMPORTS: Imports = { edits: [], paths: [], foreign: [], isOpen: false };

export interface InlinedScript {
  readonly text: string;
  readonly imports: Imports;
}

/** @param warn told when a script cannot be read; it then stays as it is */
export async function inlineScript(
  source: string,
  kind: ScriptKind,
  scope: ImportScope,
  reader: () => Promise<ScriptParser>,
  warn: (text: string) => void,
): Promise<InlinedScript> {
  const fail = (thrown: unknown): undefined =>
    warn(`${scope.url} could not be read: ${messageOf(thrown)}`) as undefined;
  const imports =
    /\bimport\b/.test(source) || kind === 'module' ? await importsOf(source, scope, reader).catch(fail) : undefined;
  const edits = /\blocation\b/.test(source) ? await locationOf(source, kind, reader).catch(fail) : undefined;
  return { text: applyEdits(source, [...(imports?.edits ?? []), ...(edits ?? [])]), imports: imports ?? NO_IMPORTS };
}

async function importsOf(source: string, scope: ImportScope, reader: () => Promise<ScriptParser>): Promise<Imports> {
  const { findImports, importSteps } = await import('./imports.ts');
  const found = source.length > MOST_LEXED_LENGTH ? await (await reader()).imports(source) : findImports(source);
  return withPauses(importSteps(found, scope));
}

async function locationOf(source: string, kind: ScriptKind, reader: () => Promise<ScriptParser>): Promise<Edit[]> {
  if (source.length > MOST_PARSED_LENGTH) {
    throw new RangeError(`longer than ${MOST_PARSED_LENGTH} characters, so its \`location\` stays the frame's`);
  }
  const key = `${kind}:${source}`;
  const known = remembered.get(key) ?? reader().then((it) => it.locationEdits(source, kind));
  // The one that was asked for last is forgotten last.
  remembered.delete(key);
  remembered.set(key, known);
  // It may have failed for want of time, of which the next page has its own.
  known.catch(() => remembered.delete(key));
  if (remembered.size > MOST_REMEMBERED) for (const oldest of remembered.keys()) return forget(oldest, known);
  return known;
}

function forget<T>(key: string, result: T): T {
  remembered.delete(key);
  return result;
}
