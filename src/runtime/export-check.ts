// Whether an export can be called, and what to say when it cannot.

import type { ErrorCode } from '../errors.ts';
import { visibleText } from '../util/visible-text.ts';
import type { ModuleFacts } from './wire/protocol.ts';

const MOST_NAMES = 20;
/** Of one name in a message, in bytes: a module may have names of many KiB. */
const MOST_NAME_BYTES = 60;
const MOST_TYPE_BYTES = 120;

/** Undefined when nothing speaks against calling it. */
export function problemWithExport(
  facts: readonly ModuleFacts[],
  name: string,
  plugin: string,
): { readonly code: ErrorCode; readonly message: string; readonly detail?: string } | undefined {
  const exports = facts.find((module) => module.name === 'main')?.exports ?? [];
  const found = exports.find((entry) => entry.name === name);
  if (!found) {
    const list = listed(exports.filter(({ callable }) => callable).map((entry) => entry.name));
    return {
      code: 'EXPORT_MISSING',
      message: `Plugin "${plugin}" has no export \`${shown(name)}\`; it exports ${list}`,
    };
  }
  if (found.callable) return undefined;
  const results = /-> \((.+)\)$/.exec(found.type)?.[1]?.split(',').length;
  return {
    code: 'EXPORT_INVALID',
    message: `Export \`${shown(name)}\` of plugin "${plugin}" is a ${found.kind} of type ${visibleText(found.type, MOST_TYPE_BYTES)}; only () -> i32 and () -> () can be called`,
    // In the words of Extism's Go SDK.
    ...(results && { detail: `function ${name} has ${results} results, expected 0 or 1` }),
  };
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'nothing that can be called';
  const first = names.slice(0, MOST_NAMES).map((name) => `\`${shown(name)}\``);
  const others = names.length - first.length;
  return first.join(', ') + (others > 0 ? ` and ${others} others` : '');
}

function shown(name: string): string {
  return visibleText(name, MOST_NAME_BYTES);
}
