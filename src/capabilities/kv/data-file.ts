// What a plugin keeps, as one file: a line of JSON that says what it is, the bytes of values, files and databases one after the other, and the
// SHA-256 of all of that in 64 hex digits. docs/plugin-data.md says the same.

import { ClocheError, messageOf } from '../../errors.ts';
import { Fields } from '../../manifest/fields.ts';
import { joined } from '../../util/capped-body.ts';
import { sha256 } from '../../util/hash/sha256.ts';
import { copyData } from '../../util/json/untrusted-json.ts';
import type { AllFiles } from '../services.ts';

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
  /** Undefined where it says nothing of files, as those of version 1. */
  readonly files?: AllFiles | undefined;
  /** By name; undefined where it says nothing of databases, as those of versions 1 and 2. */
  readonly databases?: ReadonlyMap<string, Uint8Array> | undefined;
}

const FORMAT = 'cloche-plugin-data';
/** The second has files, the third databases and perhaps files. Each file is written as the first that has what it holds. */
const VERSIONS: readonly unknown[] = [1, 2, 3];
const NEWLINE = 0x0a;
const DIGEST_BYTES = 64;
/** As many keys as a plugin may have, each escaped as far as it can be. */
export const MOST_HEADER_BYTES = 64 << 20;
const MOST_ENTRIES = 10_000;
/** Of the second version, and of the third. */
const MORE_KEYS = ['files', 'databases'];
const HEADER_CAP = { maxLength: MOST_HEADER_BYTES, maxValues: 500_000 };
const ANY_TEXT = { max: 1 << 20, lines: true };

/** @throws {ClocheError} START_FAILED outside secure contexts */
export async function writeDataFile({ plugin, exportedAt, kv, files, databases }: DataFile): Promise<Bytes> {
  const { trees, contents = [] } = files ?? {};
  const header = JSON.stringify({
    format: FORMAT,
    version: databases ? 3 : files ? 2 : 1,
    plugin,
    exportedAt,
    kv: lengthsOf(kv),
    ...(files && { files: { trees, sizes: contents.map(({ length }) => length) } }),
    ...(databases && { databases: lengthsOf(databases) }),
  });
  const content = joined([utf8(`${header}\n`), ...kv.values(), ...contents, ...(databases?.values() ?? [])]);
  return joined([content, utf8(await sha256(content))]);
}

function lengthsOf(values: ReadonlyMap<string, Uint8Array>): [string, number][] {
  return [...values].map(([key, { length }]) => [key, length]);
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
  const parsed: unknown = JSON.parse(header);
  const version = typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : undefined;
  // Before its keys are: a later form may have others.
  if (!VERSIONS.includes(version))
    throw invalid(`has the form ${String(version).slice(0, 20)}, and this Cloche reads ${VERSIONS.join(' and ')}`);
  const known = ['format', 'version', 'plugin', 'exportedAt', 'kv', ...MORE_KEYS.slice(0, Number(version) - 1)];
  const fields = new Fields(copyData(parsed, HEADER_CAP), [], known);
  const plugin = new Fields(fields.raw('plugin'), ['plugin'], ['id', 'name', 'version']);
  const text = (key: string) => plugin.required(key, plugin.text(key, ANY_TEXT));
  const pieces = new Pieces(values);
  const kv = valuesOf(fields.required('kv', fields.list('kv', MOST_ENTRIES)), pieces);
  const hasFiles = version === 2 || (version === 3 && fields.raw('files') !== undefined);
  const files = hasFiles ? filesOf(new Fields(fields.raw('files'), ['files'], ['trees', 'sizes']), pieces) : undefined;
  const databases =
    version === 3 ? valuesOf(fields.required('databases', fields.list('databases', MOST_ENTRIES)), pieces) : undefined;
  pieces.end();
  return {
    plugin: { id: text('id'), name: text('name'), version: text('version') },
    exportedAt: fields.required('exportedAt', fields.wholeNumber('exportedAt', 0)),
    kv,
    ...(files && { files }),
    ...(databases && { databases }),
  };
}

function valuesOf(entries: readonly unknown[], pieces: Pieces): Map<string, Uint8Array> {
  const kv = new Map<string, Uint8Array>();
  for (const entry of entries) {
    const [key, length, ...rest]: unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof key !== 'string' || !isLength(length) || rest.length > 0)
      throw invalid('lists something that is no value');
    if (kv.has(key)) throw invalid('lists a key twice');
    kv.set(key, pieces.next(length));
  }
  return kv;
}

/** What their trees say is for whoever keeps files. */
function filesOf(fields: Fields, pieces: Pieces): AllFiles {
  const sizes = fields.required('sizes', fields.list('sizes', MOST_ENTRIES));
  const trees = fields.raw('trees');
  if (typeof trees !== 'object' || trees === null) throw invalid('has no trees of its files');
  const contents = sizes.map((size) => {
    if (!isLength(size)) throw invalid('lists something that is no size');
    return pieces.next(size);
  });
  return { trees, contents };
}

/** Bytes that lie one behind the other. */
class Pieces {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** A copy: a view would be stored with the whole file. */
  next(length: number): Bytes {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw invalid('holds less than it lists');
    const piece = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return piece;
  }

  end(): void {
    if (this.#at < this.#bytes.length) throw invalid('holds more than it lists');
  }
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
