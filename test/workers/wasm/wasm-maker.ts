// Modules in bytes, for what assemblers will not write: numbers in long forms, and types of newer proposals.

const PREAMBLE = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

export function module(...sections: readonly number[][]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...PREAMBLE, ...sections.flat()]);
}

export function section(id: number, contents: readonly number[]): number[] {
  return [id, ...leb(contents.length), ...contents];
}

/** A count, then its items. */
export function vector(items: readonly (readonly number[])[]): number[] {
  return [...leb(items.length), ...items.flat()];
}

/** Unsigned LEB128 in at least so many bytes. */
export function leb(value: number, atLeast = 1): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  } while (rest > 0 || bytes.length < atLeast);
  return ended(bytes);
}

/** Signed LEB128 in at least so many bytes. */
export function signedLeb(value: number, atLeast = 1): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = ((rest % 0x80) + 0x80) % 0x80;
    rest = Math.floor(rest / 0x80);
    bytes.push(low | 0x80);
    const isWhole = rest === (low < 0x40 ? 0 : -1);
    if (isWhole && bytes.length >= atLeast) return ended(bytes);
  }
}

function ended(bytes: number[]): number[] {
  return bytes.map((byte, i) => (i === bytes.length - 1 ? byte & 0x7f : byte));
}
