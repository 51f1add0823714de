// Zips by hand: every field can be made to lie, which no library allows.

import { deflateSync } from 'fflate';
import { crc32 } from '../../src/package/zip.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface EntryFields {
  name: string | Bytes;
  data?: Bytes;
  method?: number;
  flags?: number;
  /** Of the directory and of the local header, unless that has its own. */
  crc?: number;
  size?: number;
  packed?: Bytes;
  attributes?: number;
  descriptor?: 'signed' | 'bare';
  /** Extra fields, of the directory and of the local header: they are seldom the same. */
  extra?: { central: Bytes; local: Bytes };
  /** What only the local header says. */
  local?: { name?: string; method?: number; flags?: number; crc?: number; size?: number };
  /** Comment of the entry, in the directory. */
  note?: Bytes;
  /** Bytes after the data that belong to nothing. */
  gap?: number;
}

export interface ZipFields {
  /** What the end record says. */
  count?: number;
  directorySize?: number;
  directoryOffset?: number;
  disk?: number;
  comment?: string | Bytes;
  prefix?: number;
}

export function makeZip(entries: readonly EntryFields[], fields: ZipFields = {}): Bytes {
  const parts: Bytes[] = [new Uint8Array(fields.prefix ?? 0)];
  const directory: Bytes[] = [];
  for (const entry of entries) {
    const offset = sum(parts);
    const facts = factsOf(entry);
    parts.push(localHeader(entry, facts), facts.packed);
    if (entry.descriptor) parts.push(descriptor(entry.descriptor, facts));
    if (entry.gap) parts.push(new Uint8Array(entry.gap));
    directory.push(centralHeader(entry, facts, offset));
  }
  const start = sum(parts);
  const comment = nameOf(fields.comment ?? '');
  const count = fields.count ?? entries.length;
  const end = record(
    [4, 0x06054b50],
    [2, fields.disk ?? 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, fields.directorySize ?? sum(directory)],
    [4, fields.directoryOffset ?? start],
    [2, comment.length],
  );
  return concat([...parts, ...directory, end, comment]);
}

interface Facts {
  name: Bytes;
  packed: Bytes;
  method: number;
  flags: number;
  crc: number;
  size: number;
}

function factsOf(entry: EntryFields): Facts {
  const data = entry.data ?? new Uint8Array();
  const method = entry.method ?? (data.length > 0 ? 8 : 0);
  return {
    name: nameOf(entry.name),
    method,
    packed: entry.packed ?? (method === 8 ? new Uint8Array(deflateSync(data)) : data),
    flags: entry.flags ?? (entry.descriptor ? 8 : 0),
    crc: entry.crc ?? crc32(data),
    size: entry.size ?? data.length,
  };
}

function localHeader({ local = {}, descriptor, extra }: EntryFields, facts: Facts): Bytes {
  const name = local.name === undefined ? facts.name : nameOf(local.name);
  const known = descriptor ? 0 : 1;
  return concat([
    record(
      [4, 0x04034b50],
      [2, 20],
      [2, local.flags ?? facts.flags],
      [2, local.method ?? facts.method],
      [4, 0],
      [4, local.crc ?? facts.crc * known],
      [4, facts.packed.length * known],
      [4, local.size ?? facts.size * known],
      [2, name.length],
      [2, extra?.local.length ?? 0],
    ),
    name,
    extra?.local ?? new Uint8Array(),
  ]);
}

function centralHeader(entry: EntryFields, facts: Facts, offset: number): Bytes {
  return concat([
    record(
      [4, 0x02014b50],
      [2, 0x0314],
      [2, 20],
      [2, facts.flags],
      [2, facts.method],
      [4, 0],
      [4, facts.crc],
      [4, facts.packed.length],
      [4, facts.size],
      [2, facts.name.length],
      [2, entry.extra?.central.length ?? 0],
      [2, entry.note?.length ?? 0],
      [2, 0],
      [2, 0],
      [4, entry.attributes ?? 0],
      [4, offset],
    ),
    facts.name,
    entry.extra?.central ?? new Uint8Array(),
    entry.note ?? new Uint8Array(),
  ]);
}

function descriptor(kind: 'signed' | 'bare', facts: Facts): Bytes {
  const sizes: [number, number][] = [
    [4, facts.crc],
    [4, facts.packed.length],
    [4, facts.size],
  ];
  return record(...(kind === 'signed' ? ([[4, 0x08074b50]] as [number, number][]) : []), ...sizes);
}

function nameOf(name: string | Bytes): Bytes {
  return typeof name === 'string' ? new TextEncoder().encode(name) : name;
}

function record(...fields: [width: number, value: number][]): Bytes {
  const bytes = new Uint8Array(fields.reduce((total, [width]) => total + width, 0));
  let at = 0;
  for (const [width, value] of fields) {
    for (let byte = 0; byte < width; byte++) bytes[at++] = (value / 2 ** (8 * byte)) & 0xff;
  }
  return bytes;
}

function sum(parts: readonly Bytes[]): number {
  return parts.reduce((total, { length }) => total + length, 0);
}

function concat(parts: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(sum(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
