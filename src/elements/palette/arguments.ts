// Arguments of a command as somebody types them, one field each, and the line that they make.

import { declared, isOfType, isOptional } from '../../manifest/command-arguments.ts';
import type { CommandParameter } from '../../manifest/contributions.ts';

/** What the field of a parameter is: text as it is, one of two words, or JSON. */
export function fieldOf({ type }: CommandParameter): 'text' | 'choice' | 'json' {
  const word = type.replace(/^\?/, '').toLowerCase();
  if (word === 'string') return 'text';
  return word === 'bool' || word === 'boolean' ? 'choice' : 'json';
}

/** A value as JSON; or what is wrong with it, as a sentence. Undefined for none, which only optional ones may be. */
export function argumentOf(param: CommandParameter, typed: string): { json: string | undefined } | { problem: string } {
  if (fieldOf(param) === 'text') return { json: typed === '' && isOptional(param) ? undefined : JSON.stringify(typed) };
  if (typed.trim() === '') {
    return isOptional(param) ? { json: undefined } : { problem: `Enter ${declared(param)}.` };
  }
  let value: unknown;
  try {
    value = JSON.parse(typed);
  } catch {
    return { problem: `Expected ${declared(param)}, and this is not JSON.` };
  }
  if (!isOfType(param, value)) return { problem: `Expected ${declared(param)}.` };
  // As it was typed: a number that has more digits than a float keeps them.
  return { json: typed.trim() };
}

/** The line, and a problem for each field that has one. One that is left out leaves out those behind it. */
export function lineOf(
  params: readonly CommandParameter[],
  typed: readonly string[],
): { line: string; problems: string[] } {
  const read = params.map((param, i) => argumentOf(param, typed[i] ?? ''));
  const problems = read.map((one) => ('problem' in one ? one.problem : ''));
  const end = read.findIndex((one) => 'json' in one && one.json === undefined);
  const given = end < 0 ? read : read.slice(0, end);
  for (const [i, one] of read.entries()) {
    if (end >= 0 && i > end && 'json' in one && one.json !== undefined) {
      problems[end] = `Enter ${declared(params[end] as CommandParameter)}, as one behind it is given.`;
    }
  }
  return { line: given.map((one) => ('json' in one ? one.json : '')).join(' '), problems };
}
