// What to say of an export that cannot be called. Comes late: few calls go wrong so.

import type { ClocheError } from '../../errors.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import { pluginError } from '../runner-errors.ts';
import type { GuestCall, ModuleFacts } from '../wire/protocol.ts';
import { exportsOf, isCallable } from './callable.ts';

const MOST_NAMES = 20;
/** Of one name in a message, in bytes: a module may have names of many KiB. */
const MOST_NAME_BYTES = 60;
const MOST_TYPE_BYTES = 120;

/** @returns EXPORT_MISSING with those that it has, or EXPORT_INVALID with the type of this one */
export function exportProblem(facts: readonly ModuleFacts[], call: GuestCall, plugin: string): ClocheError {
  const { export: name } = call;
  const exports = exportsOf(facts);
  const found = exports.find((entry) => entry.name === name);
  if (!found) {
    const list = listed(exports.filter((entry) => isCallable(entry, call)).map((entry) => entry.name));
    const message = `Plugin "${plugin}" has no export \`${shown(name)}\`; it exports ${list}`;
    return pluginError(plugin, 'EXPORT_MISSING', message);
  }
  const form = 'args' in call ? 'only functions' : 'only () -> i32 and () -> ()';
  const type = visibleText(found.type, MOST_TYPE_BYTES);
  const message = `Export \`${shown(name)}\` of plugin "${plugin}" is a ${found.kind} of type ${type}; ${form} can be called`;
  const results = /-> \((.+)\)$/.exec(found.type)?.[1]?.split(',').length;
  // As servers say it that run the same plugins.
  const detail = `function ${name} has ${results} results, expected 0 or 1`;
  return pluginError(plugin, 'EXPORT_INVALID', message, results ? { detail } : {});
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
