// Arguments of a command as somebody types them, one field each, and the line that they make.

import { declared, isOfType, isOptional } from '../../manifest/command-arguments.ts';
import type { CommandParameter } from '../../manifest/contributions.ts';

/** What is wrong with what somebody typed: a message, and the parameter as its plugin declares it. */
export interface Problem {
  readonly message: `palette.${'enter' | 'enterBefore' | 'expected' | 'noJson'}`;
  readonly parameter: string;
}

type Argument = { readonly json: string | undefined } | { readonly problem: Problem };

/** What the field of a parameter is: text as it is, one of two words, or JSON. */
export function fieldOf({ type }: CommandParameter): 'text' | 'choice' | 'json' {
  const word = type.replace(/^\?/, '').toLowerCase();
  if (word === 'string') return 'text';
  return word === 'bool' || word === 'boolean' ? 'choice' : 'json';
}

/** A value as JSON, or what is wrong with it. Undefined for none, which only optional ones may be. */
export function argumentOf(param: CommandParameter, typed: string): Argument {
  if (fieldOf(param) === 'text') return { json: typed === '' && isOptional(param) ? undefined : JSON.stringify(typed) };
  if (typed.trim() === '') return isOptional(param) ? { json: undefined } : problem(param, 'palette.enter');
  let value: unknown;
  try {
    value = JSON.parse(typed);
  } catch {
    return problem(param, 'palette.noJson');
  }
  if (!isOfType(param, value)) return problem(param, 'palette.expected');
  // As it was typed: a number that has more digits than a float keeps them.
  return { json: typed.trim() };
}

/** The line, and at the place of each field what is wrong with it. One that is left out leaves out those behind it. */
export function lineOf(
  params: readonly CommandParameter[],
  typed: readonly string[],
): { line: string; problems: (Problem | undefined)[] } {
  const read = params.map((param, i) => argumentOf(param, typed[i] ?? ''));
  const problems = read.map((one) => ('problem' in one ? one.problem : undefined));
  const end = read.findIndex((one) => 'json' in one && one.json === undefined);
  const left = params[end];
  if (left && read.slice(end + 1).some((one) => 'json' in one && one.json !== undefined)) {
    problems[end] = problem(left, 'palette.enterBefore').problem;
  }
  const given = end < 0 ? read : read.slice(0, end);
  return { line: given.map((one) => ('json' in one ? one.json : '')).join(' '), problems };
}

function problem(param: CommandParameter, message: Problem['message']): { readonly problem: Problem } {
  return { problem: { message, parameter: declared(param) } };
}
