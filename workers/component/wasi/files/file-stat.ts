// `filestat` of preview 1 as the records of `wasi:filesystem`.

export interface Datetime {
  readonly seconds: bigint;
  readonly nanoseconds: number;
}

export interface DescriptorStat {
  readonly type: string;
  readonly linkCount: bigint;
  readonly size: bigint;
  readonly dataAccessTimestamp: Datetime;
  readonly dataModificationTimestamp: Datetime;
  readonly statusChangeTimestamp: Datetime;
}

export type NewTimestamp =
  | { readonly tag: 'no-change' | 'now' }
  | { readonly tag: 'timestamp'; readonly val: Datetime };

const SECOND = 1_000_000_000n;
const FILE_TYPES: ReadonlyMap<number, string> = new Map([
  [3, 'directory'],
  [4, 'regular-file'],
  [7, 'symbolic-link'],
]);

export function fileTypeOf(type: number): string {
  return FILE_TYPES.get(type) ?? 'unknown';
}

export function datetimeOf(ns: bigint): Datetime {
  return { seconds: ns / SECOND, nanoseconds: Number(ns % SECOND) };
}

export function statOf(filestat: DataView): DescriptorStat {
  const at = (offset: number): bigint => filestat.getBigUint64(offset, true);
  return {
    type: fileTypeOf(filestat.getUint8(16)),
    linkCount: at(24),
    size: at(32),
    dataAccessTimestamp: datetimeOf(at(40)),
    dataModificationTimestamp: datetimeOf(at(48)),
    statusChangeTimestamp: datetimeOf(at(56)),
  };
}

/** Of no two files the same: the volume's number and the file's in it. */
export function identityOf(filestat: DataView): { lower: bigint; upper: bigint } {
  return { lower: filestat.getBigUint64(8, true), upper: filestat.getBigUint64(0, true) };
}

/** The numbers that preview 1 takes for two times: both in ns, and flags that say which count. */
export function timesOf(accessed: NewTimestamp, modified: NewTimestamp): bigint[] {
  const flags = flagsOf(accessed) | (flagsOf(modified) << 2n);
  return [nsOf(accessed), nsOf(modified), flags];
}

function flagsOf({ tag }: NewTimestamp): bigint {
  if (tag === 'no-change') return 0n;
  return tag === 'now' ? 2n : 1n;
}

function nsOf(time: NewTimestamp): bigint {
  return time.tag === 'timestamp' ? time.val.seconds * SECOND + BigInt(time.val.nanoseconds) : 0n;
}
