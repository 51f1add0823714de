// Says where the first mistake in a text of WebAssembly is.

import { ClocheError } from '../../errors.ts';
import { visibleText } from '../../util/text/visible-text.ts';

interface Mistake {
  readonly problem: string;
  /** From 1; 0 where the assembler knows none. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** Of one line, in messages. */
const LONGEST = 160;

/** MODULE_REJECTED with the line, its number and the column. @param what for messages, such as `Module "main" (plugin.wat)` */
export function cannotBeAssembled(what: string, bytes: Uint8Array, { problem, line, column }: Mistake): ClocheError {
  const place = line === 0 ? '' : ` at line ${line}, column ${column}`;
  const text = line === 0 ? '' : `: \`${shortened(lineOf(bytes, line).trim())}\``;
  return new ClocheError('MODULE_REJECTED', `${what} cannot be assembled${place}: ${shortened(problem)}${text}`);
}

function lineOf(bytes: Uint8Array, line: number): string {
  return new TextDecoder().decode(bytes).split('\n', line)[line - 1] ?? '';
}

function shortened(text: string): string {
  return visibleText(text, LONGEST);
}
