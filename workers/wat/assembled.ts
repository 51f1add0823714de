// What the assembler makes of a text, and where its first mistake is: the same in a worker and on the command line.

import type loadWabt from 'wabt';
import { watFeatures } from './wat-features.ts';

type Wabt = Awaited<ReturnType<typeof loadWabt>>;

/** The published types leave out what it validates by. */
type Validated = ReturnType<Wabt['parseWat']> & { validate(features: typeof watFeatures): void };

/** What wabt calls the text in its messages, which begin with it. */
const NAME = 'text';

/** @throws {Error} of which {@link mistakeIn} reads the message */
export function assembled({ parseWat }: Wabt, text: Uint8Array): Uint8Array<ArrayBuffer> {
  const module: Validated = parseWat(NAME, text, watFeatures);
  // Engines check it as well, and would name a byte where this names a line.
  module.validate(watFeatures);
  return new Uint8Array(module.toBinary({}).buffer);
}

/** `parseWat failed:\ntext:3:10: error: …`, then the line and what points to the place in it. */
export function mistakeIn(message: string): { problem: string; line: number; column: number } {
  const [, line, column, problem] = /^text:(\d+):(\d+): error: (.*)$/m.exec(message) ?? [];
  return { problem: (problem ?? message).slice(0, 1_000), line: Number(line ?? 0), column: Number(column ?? 0) };
}
