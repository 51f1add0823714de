// Which commands fit what somebody types, the best first. Those that were run last come before others that fit as well.

import type { PaletteCommand } from './host-like.ts';

/** Each word may be in the name or in the description; in the name its letters may have others between them. */
export function found(commands: readonly PaletteCommand[], query: string, recent: readonly string[]): PaletteCommand[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return commands
    .map((command) => ({ command, score: scoreOf(command, words) }))
    .filter(({ score }) => score > 0)
    .sort(
      (a, b) =>
        b.score - a.score || order(a.command, recent) - order(b.command, recent) || byName(a.command, b.command),
    )
    .map(({ command }) => command);
}

/** A whole command line: a name that is one, and arguments behind it. */
export function typedLine(
  commands: readonly PaletteCommand[],
  query: string,
): { command: PaletteCommand; args: string } | undefined {
  const [, name = '', args = ''] = /^\s*(\S+)\s+(\S.*)$/s.exec(query) ?? [];
  const command = commands.find((one) => one.name === name);
  return command && { command, args };
}

function scoreOf(command: PaletteCommand, words: readonly string[]): number {
  let sum = 1;
  for (const word of words) {
    const score = wordScore(command, word);
    if (score === 0) return 0;
    sum += score;
  }
  return sum;
}

function wordScore({ name, description }: PaletteCommand, word: string): number {
  const text = name.toLowerCase();
  const at = text.indexOf(word);
  if (at >= 0) return at === 0 || !/[a-z0-9]/.test(text[at - 1] ?? '') ? 8 : 6;
  if (description.toLowerCase().includes(word)) return 3;
  return isSpreadIn(text, word) ? 2 : 0;
}

function isSpreadIn(text: string, word: string): boolean {
  let at = -1;
  for (const letter of word) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

function order({ name }: PaletteCommand, recent: readonly string[]): number {
  const at = recent.indexOf(name);
  return at < 0 ? recent.length : at;
}

function byName(a: PaletteCommand, b: PaletteCommand): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
