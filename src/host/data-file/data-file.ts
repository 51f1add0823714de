// What a plugin keeps, as one file: a line of JSON that says what it is, the bytes of the values one after the other, and the
// SHA-256 of all of that in 64 hex digits. docs/plugin-data.md says the same.

import { ClocheError, messageOf } from '../../errors.ts';
import { Fields } from '../../manifest/fields.ts';
import { joined } from '../../util/capped-body.ts';
import { sha256 } from '../../util/hash/sha256.ts';
import { copyData } from '../../util/json/untrusted-json.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Whose data it was, in that plugin's words. */
export interface DataOwner {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

export interface DataFile {
  readonly plugin: DataOwner;
  /** Milliseconds since 1970. */
  readonly exportedAt: number;
  /** By key. */
  readonly kv: ReadonlyMap<string, Uint8Array>;
}

const FORMAT = 'cloche-plugin-data';
const VERSION = 1;
const NEWLINE = 0x0a;
const DIGEST_BYTES = 64;
/** As many keys as a plugin may have, each escaped as far as it can be. */
export const MOST_HEADER_BYTES = 64 << 20;
const MOST_ENTRIES = 10_000;
const HEADER_CAP = { maxLength: MOST_HEADER_BYTES };
const ANY_TEXT = { max: 1 << 20, lines: true };

/** @throws {ClocheError} START_FAILED outside secure contexts */
export async function writeDataFile({ plugin, exportedAt, kv }: DataFile): Promise<Bytes> {
  const entries = [...kv].map(([key, value]) => [key, value.length]);
  const header = JSON.stringify({ format: FORMAT, version: VERSION, plugin, exportedAt, kv: entries });
  const content = joined([utf8(`${header}\n`), ...kv.values()]);
  return joined([content, utf8(await sha256(content))]);
}

/**
 * @param bytes that do not change any more
 * @throws {ClocheError} DATA_INVALID for anything but a whole file of this form
 */
export async function readDataFile(bytes: Bytes): Promise<DataFile> {
  // Told first: a file of something else has no digest either.
  if (!startsWith(bytes, `{"format":"${FORMAT}"`)) throw invalid('is no export of plugin data');
  const content = bytes.slice(0, -DIGEST_BYTES);
  const digest = new TextDecoder().decode(bytes.subarray(content.length));
  if ((await sha256(content)) !== digest) throw invalid('is not whole, or was changed: its SHA-256 is another');
  const end = content.indexOf(NEWLINE);
  if (end === -1 || end > MOST_HEADER_BYTES) throw invalid('has no line that says what it holds');
  try {
    return read(new TextDecoder().decode(content.subarray(0, end)), content.subarray(end + 1));
  } catch (cause) {
    if (cause instanceof ClocheError && cause.code === 'DATA_INVALID') throw cause;
    throw invalid(`cannot be read: ${messageOf(cause)}`, cause);
  }
}

function read(header: string, values: Bytes): DataFile {
  const known = ['format', 'version', 'plugin', 'exportedAt', 'kv'];
  const parsed: unknown = JSON.parse(header);
  const version = typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : undefined;
  // Before its keys are: a later form may have others.
  if (version !== VERSION)
    throw invalid(`has the form ${String(version).slice(0, 20)}, and this Cloche reads ${VERSION}`);
  const fields = new Fields(copyData(parsed, HEADER_CAP), [], known);
  const plugin = new Fields(fields.raw('plugin'), ['plugin'], ['id', 'name', 'version']);
  const text = (key: string) => plugin.required(key, plugin.text(key, ANY_TEXT));
  return {
    plugin: { id: text('id'), name: text('name'), version: text('version') },
    exportedAt: fields.required('exportedAt', fields.wholeNumber('exportedAt', 0)),
    kv: valuesOf(fields.required('kv', fields.list('kv', MOST_ENTRIES)), values),
  };
}

function valuesOf(entries: readonly unknown[], values: Bytes): Map<string, Uint8Array> {
  const kv = new Map<string, Uint8Array>();
  let at = 0;
  for (const entry of entries) {
    const [key, length, ...rest]: unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof key !== 'string' || !isLength(length) || rest.length > 0)
      throw invalid('lists something that is no value');
    if (kv.has(key)) throw invalid('lists a key twice');
    // A copy: a view would be stored with the whole file.
    kv.set(key, values.slice(at, at + length));
    at += length;
    if (at > values.length) break;
  }
  if (at === values.length) return kv;
  throw invalid('holds more or less than it lists');
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function startsWith(bytes: Bytes, text: string): boolean {
  const start = utf8(text);
  return bytes.length >= start.length + DIGEST_BYTES && start.every((byte, at) => bytes[at] === byte);
}

function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function invalid(problem: string, cause?: unknown): ClocheError {
  return new ClocheError('DATA_INVALID', `The file ${problem}`, { cause });
}
