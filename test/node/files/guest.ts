// A guest of these tests: it calls operations of a session by name, and reads what they give.

import { accessBy, type FileRules } from '../../../src/files/access.ts';
import type { OperationName } from '../../../src/files/operations.ts';
import { ALL_RIGHTS, FOLDER_RIGHTS } from '../../../src/files/session/rights.ts';
import { type Preopen, Session } from '../../../src/files/session/session.ts';
import { Budget } from '../../../src/files/volume/budget.ts';
import { Volume } from '../../../src/files/volume/volume.ts';

export const ROOT = 3;

export class Guest {
  time = 1_000n;
  readonly budget = new Budget({ bytes: 1 << 20, nodes: 1_000 });
  readonly volume = new Volume('ws0://', this.budget, () => this.time);
  readonly session: Session;

  constructor(rules?: FileRules, preopens?: (volume: Volume) => Preopen[]) {
    const { volume } = this;
    this.session = new Session(preopens?.(volume) ?? [{ name: '/', volume, folder: volume.top }], accessBy([rules]));
  }

  /** The errno, and what was given behind it. */
  run(
    name: OperationName,
    numbers: readonly (number | bigint)[],
    one: string | Uint8Array = '',
    other: string | Uint8Array = '',
  ): { errno: number; given: DataView; text: string } {
    const answer = this.session.run(name, numbers.map(BigInt), bytes(one), bytes(other));
    const given = new DataView(answer.buffer, 2);
    return { errno: new DataView(answer.buffer).getUint16(0, true), given, text: text(answer.subarray(2)) };
  }

  errno(...call: Parameters<Guest['run']>): number {
    return this.run(...call).errno;
  }

  /** Opens a path, and gives its number. @throws its errno */
  open(path: string, { flags = 0, rights = ALL_RIGHTS, fd = ROOT, lookup = 1, fdflags = 0 } = {}): number {
    const { errno, given } = this.run('path_open', [fd, lookup, flags, rights, ALL_RIGHTS, fdflags], path);
    if (errno !== 0) throw new Error(`errno ${errno}`);
    return given.getUint32(0, true);
  }

  openErrno(path: string, { flags = 0, rights = ALL_RIGHTS, fd = ROOT, lookup = 1 } = {}): number {
    return this.errno('path_open', [fd, lookup, flags, rights, 0, 0], path);
  }

  /** Puts a file there, with its folders. */
  put(path: string, content: string): void {
    const names = path.split('/');
    names.slice(0, -1).forEach((_, i) => {
      this.run('path_create_directory', [ROOT], names.slice(0, i + 1).join('/'));
    });
    const fd = this.open(path, { flags: CREATE | TRUNCATE });
    this.run('fd_write', [fd], content);
    this.run('fd_close', [fd]);
  }

  read(path: string): string {
    const fd = this.open(path, { rights: 1n << 1n });
    const { text } = this.run('fd_read', [fd, 1 << 20]);
    this.run('fd_close', [fd]);
    return text;
  }

  names(path = '.'): string[] {
    const fd = this.open(path, { rights: FOLDER_RIGHTS });
    const { given } = this.run('fd_readdir', [fd, 1 << 20, 0]);
    this.run('fd_close', [fd]);
    return entries(given).map(({ name }) => name);
  }
}

export const CREATE = 1;
export const FOLDER_ONLY = 2;
export const EXCLUSIVE = 4;
export const TRUNCATE = 8;
/** What a program asks for that reads and writes. */
export const RIGHTS = { FILE: (1n << 1n) | (1n << 2n) | (1n << 5n) | (1n << 6n) };

export function entries(given: DataView): { name: string; next: number; kind: number }[] {
  const found: { name: string; next: number; kind: number }[] = [];
  for (let at = 0; at + 24 <= given.byteLength; ) {
    const length = given.getUint32(at + 16, true);
    const name = text(new Uint8Array(given.buffer, given.byteOffset + at + 24, length));
    found.push({ name, next: Number(given.getBigUint64(at, true)), kind: given.getUint8(at + 20) });
    at += 24 + length;
  }
  return found;
}

export function stat({ given }: { given: DataView }): { kind: number; names: bigint; size: bigint; times: bigint[] } {
  const at = (place: number): bigint => given.getBigUint64(place, true);
  return { kind: given.getUint8(16), names: at(24), size: at(32), times: [at(40), at(48), at(56)] };
}

export function bytes(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? new TextEncoder().encode(value) : value;
}

function text(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}
