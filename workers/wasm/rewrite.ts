// Changes a few bytes of a module and copies the rest as it is, function bodies in one piece.

import type { Sections } from './sections.ts';

/** `bytes` take the place of `[start, end)`, which lies inside one section, or are added where it ends. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: readonly number[] | Uint8Array;
  /** They are a whole section, before the one that begins at `start`. */
  readonly isSection?: boolean;
}

/** The module with all edits, or the very same object if there are none. Edits at one place come out in their order. */
export function applyEdits(
  bytes: Uint8Array<ArrayBuffer>,
  sections: Sections,
  edits: readonly Edit[],
): Uint8Array<ArrayBuffer> {
  if (edits.length === 0) return bytes;
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  const pieces: ArrayLike<number>[] = [];
  let copied = 0;
  const copyTo = (end: number) => pieces.push(bytes.subarray(copied, end));
  const apply = (edit: Edit) => {
    copyTo(edit.start);
    pieces.push(edit.bytes);
    copied = edit.end;
  };

  for (const section of [...sections.values()].sort((a, b) => a.start - b.start)) {
    for (const edit of sorted) if (edit.isSection && edit.start === section.sizeAt - 1) apply(edit);
    const inside = sorted.filter((edit) => !edit.isSection && edit.start >= section.start && edit.start <= section.end);
    if (inside.length === 0) continue;
    const growth = inside.reduce((sum, { start, end, bytes }) => sum + bytes.length - end + start, 0);
    copyTo(section.sizeAt);
    pieces.push(leb128(section.end - section.start + growth));
    copied = section.start;
    for (const edit of inside) apply(edit);
  }
  copyTo(bytes.length);
  return join(pieces);
}

/** Unsigned LEB128 in as few bytes as it takes. */
export function leb128(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}

function join(pieces: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
