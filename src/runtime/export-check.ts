// Whether an export can be called, and what to say when it cannot.

import type { ErrorCode } from '../errors.ts';
import { visibleText } from '../util/text/visible-text.ts';
import type { ExportFact, GuestCall, ModuleFacts } from './wire/protocol.ts';

const MOST_NAMES = 20;
/** Of one name in a message, in bytes: a module may have names of many KiB. */
const MOST_NAME_BYTES = 60;
const MOST_TYPE_BYTES = 120;

/** Undefined when nothing speaks against calling it. */
export function problemWithExport(
  facts: readonly ModuleFacts[],
  call: GuestCall,
  plugin: string,
): { readonly code: ErrorCode; readonly message: string; readonly detail?: string } | undefined {
  const { export: name } = call;
  const takesArgs = 'args' in call;
  /** Which arguments it takes is for its ABI to say. */
  const fits = ({ kind, callable }: ExportFact): boolean => (takesArgs ? kind === 'function' : callable);
  const exports = facts.find((module) => module.name === 'main')?.exports ?? [];
  const found = exports.find((entry) => entry.name === name);
  if (!found) {
    const list = listed(exports.filter(fits).map((entry) => entry.name));
    return {
      code: 'EXPORT_MISSING',
      message: `Plugin "${plugin}" has no export \`${shown(name)}\`; it exports ${list}`,
    };
  }
  if (fits(found)) return undefined;
  const form = takesArgs ? 'only functions' : 'only () -> i32 and () -> ()';
  const results = /-> \((.+)\)$/.exec(found.type)?.[1]?.split(',').length;
  return {
    code: 'EXPORT_INVALID',
    message: `Export \`${shown(name)}\` of plugin "${plugin}" is a ${found.kind} of type ${visibleText(found.type, MOST_TYPE_BYTES)}; ${form} can be called`,
    // As servers say it that run the same plugins.
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
