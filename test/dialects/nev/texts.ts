// What plugins of Nev are given and say, as text and as bytes.

import type { Host } from '../../../src/index.ts';

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(value: unknown): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}

export function logsOf(host: Host): string {
  return host
    .logs()
    .map(({ text }) => text)
    .join('\n');
}
