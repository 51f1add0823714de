// Whether an export can be called, and what to say when it cannot.

import type { ErrorCode } from '../errors.ts';
import type { ModuleFacts } from './protocol.ts';

const MOST_NAMES = 20;

/** Undefined when nothing speaks against calling it. */
export function problemWithExport(
  facts: readonly ModuleFacts[],
  name: string,
  plugin: string,
): { readonly code: ErrorCode; readonly message: string; readonly detail?: string } | undefined {
  const exports = facts.find((module) => module.name === 'main')?.exports ?? [];
  const found = exports.find((entry) => entry.name === name);
  if (!found) {
    const names = exports.filter(({ callable }) => callable).map((entry) => `\`${entry.name}\``);
    const list = names.length === 0 ? 'nothing that can be called' : names.slice(0, MOST_NAMES).join(', ');
    return { code: 'EXPORT_MISSING', message: `Plugin "${plugin}" has no export \`${name}\`; it exports ${list}` };
  }
  if (found.callable) return undefined;
  const results = /-> \((.+)\)$/.exec(found.type)?.[1]?.split(',').length;
  return {
    code: 'EXPORT_INVALID',
    message: `Export \`${name}\` of plugin "${plugin}" is a ${found.kind} of type ${found.type}; only () -> i32 and () -> () can be called`,
    // In the words of Extism's Go SDK.
    ...(results && { detail: `function ${name} has ${results} results, expected 0 or 1` }),
  };
}
