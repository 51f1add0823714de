// A blocklist as it is served: JSON, or the text of that JSON with a signature beside it. docs/trust.md has the form.

import { ClocheError, messageOf } from '../../errors.ts';
import { Fields } from '../../manifest/fields.ts';
import { isPluginId } from '../../manifest/plugin-id.ts';
import { sha256 } from '../../util/hash/sha256.ts';
import { parseJson } from '../../util/json/parse-json.ts';
import { isJsonObject, type Path } from '../../util/json/untrusted-json.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import { isSignedBy } from '../ed25519.ts';
import type { PublicKey } from '../public-key.ts';
import { readSignatureDocument } from '../signature-document.ts';
import { type VersionRange, versionRange } from './version-range.ts';

/** Longest list, in bytes. */
export const MOST_LIST_BYTES = 1 << 20;
const MOST_ENTRIES = 10_000;
const MOST_RANGES = 100;
const MOST_REASON_BYTES = 500;
const SHORT = { max: 200 };
const SHA256 = /^[0-9a-f]{64}$/;

/** All that is given has to fit. */
export interface BlockedEntry {
  readonly id: string | undefined;
  /** Of the package, or of any file of it: 64 lower-case hex digits. */
  readonly sha256: string | undefined;
  /** Undefined for all. */
  readonly versions: readonly VersionRange[] | undefined;
  /** As people shall read it. */
  readonly reason: string;
}

export interface BlocklistDocument {
  /** Grows with each list: an older one takes back nothing. */
  readonly sequence: number;
  readonly blocked: readonly BlockedEntry[];
}

export interface ServedBlocklist {
  /** The JSON of the list itself. */
  readonly text: string;
  /** Whose signature is on it; undefined where there is none. */
  readonly signer: PublicKey | undefined;
}

/** The very bytes that a key signs. */
export async function blocklistMessage(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return encoder.encode(`cloche-blocklist-v1\nsha256:${await sha256(encoder.encode(text))}\n`);
}

/** @param signature a document of `writeSignatureDocument` */
export function writeSignedBlocklist(text: string, signature: string): string {
  return `${JSON.stringify({ list: text, signature: JSON.parse(signature) as unknown }, undefined, 2)}\n`;
}

/**
 * The list in what was served.
 * @throws {ClocheError} BLOCKLIST_FAILED for what is none, and for a signature that does not hold or cannot be checked
 */
export function openBlocklist(text: string): Promise<ServedBlocklist> {
  return asFailure(async () => {
    const document = await parseJson(text);
    if (!isJsonObject(document) || !('signature' in document)) return { text, signer: undefined };
    const { list, signature, ...others } = document;
    if (typeof list !== 'string' || Object.keys(others).length > 0) throw failed('it has the wrong keys');
    const read = await readSignatureDocument(new TextEncoder().encode(JSON.stringify(signature)));
    const isSigned =
      read !== undefined &&
      (await isSignedBy({ key: read.keyBytes, signature: read.signature, message: await blocklistMessage(list) }));
    if (!isSigned) throw failed('it was changed after it was signed');
    return { text: list, signer: read.key };
  });
}

/** @throws {ClocheError} BLOCKLIST_FAILED with the path of what is wrong: a list is believed as a whole or not at all */
export function readBlocklist(text: string): Promise<BlocklistDocument> {
  return asFailure(async () => {
    const list = new Fields(await parseJson(text), [], ['sequence', 'blocked']);
    const blocked = list.required('blocked', list.list('blocked', MOST_ENTRIES));
    return {
      sequence: list.required('sequence', list.wholeNumber('sequence', 0)),
      blocked: blocked.map((item, index) => readEntry(item, ['blocked', index])),
    };
  });
}

function readEntry(item: unknown, path: Path): BlockedEntry {
  const entry = new Fields(item, path, ['id', 'sha256', 'versions', 'reason']);
  const id = entry.text('id', SHORT);
  const hash = entry.text('sha256', SHORT);
  if (id !== undefined && !isPluginId(id)) throw entry.wrong('id', 'the id of a plugin');
  if (hash !== undefined && !SHA256.test(hash)) throw entry.wrong('sha256', '64 lower-case hex digits');
  // Versions alone would be those of all plugins.
  if (id === undefined && hash === undefined) throw entry.wrong('id', 'there, or `sha256`');
  const versions = entry.texts('versions', MOST_RANGES, SHORT)?.map((text) => {
    const range = versionRange(text);
    if (!range) throw entry.wrong('versions', 'a list such as ["1.2.3", ">=2 <2.3.1"]');
    return range;
  });
  // It would block nothing, which nobody can have meant.
  if (versions?.length === 0) throw entry.wrong('versions', 'absent for all versions, or to name some');
  const reason = visibleText(entry.text('reason', { max: 10_000, lines: true }) ?? '', MOST_REASON_BYTES);
  return { id, sha256: hash, versions, reason };
}

export function failed(why: string, cause?: unknown): ClocheError {
  return new ClocheError('BLOCKLIST_FAILED', `The blocklist cannot be used: ${why}`, { cause });
}

async function asFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof ClocheError) || thrown.code === 'BLOCKLIST_FAILED') throw thrown;
    throw failed(messageOf(thrown), thrown);
  }
}
