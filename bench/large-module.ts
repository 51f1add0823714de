// Plugins as large as a compiler for a large language makes them, without keeping one in the repository.

const STEPS = 60;

/** A module of about so many bytes, of which the export `none` does nothing and the rest is arithmetic that nobody calls. */
export function largeModule(bytes: number): Uint8Array<ArrayBuffer> {
  const bodies = [[0, 0x41, 0, 0x0b]];
  for (let size = 0; size < bytes; size += bodies.at(-1)?.length ?? 0) bodies.push(arithmetic(bodies.length));
  const { length } = bodies;
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, ...[0x60, 0, 1, 0x7f], ...[0x60, 1, 0x7f, 1, 0x7f]]),
    ...section(3, [...leb(length), 0, ...Array.from({ length: length - 1 }, () => 1)]),
    ...section(7, [1, ...vector([...new TextEncoder().encode('none')]), 0, 0]),
    ...section(10, [...leb(length), ...bodies.flatMap(vector)]),
  ]);
}

/** The same in JavaScript. */
export function largeScript(characters: number): string {
  const functions = ['function none() { return 0; }'];
  for (let size = 0; size < characters; size += functions.at(-1)?.length ?? 0) {
    const steps = Array.from({ length: STEPS }, (_, i) => `x = (x + ${constant(functions.length, i)}) ^ x;`);
    functions.push(`function f${functions.length}(x) { ${steps.join(' ')} return x; }\n`);
  }
  return functions.join('\n');
}

/** Of one parameter: `x = (x + constant) ^ x`, over and over. */
function arithmetic(seed: number): number[] {
  const steps = Array.from({ length: STEPS }, (_, i) => [0x41, ...leb(constant(seed, i)), 0x6a, 0x20, 0, 0x73]);
  return [0, 0x20, 0, ...steps.flat(), 0x0b];
}

/** Of two to four digits, so that no two functions are the same. Below 2^13: its signed form has no more than two bytes. */
function constant(seed: number, step: number): number {
  return 64 + ((seed * 31 + step * 7) % 8_000);
}

function section(id: number, content: number[]): number[] {
  return [id, ...vector(content)];
}

function vector(content: number[]): number[] {
  return [...leb(content.length), ...content];
}

/** LEB128, as lengths and small positive constants have it. */
function leb(value: number): number[] {
  const low = value & 0x7f;
  return value > 0x7f ? [low | 0x80, ...leb(value >>> 7)] : [low];
}
