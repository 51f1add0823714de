// Fetches the blocklist of an app, and holds that it is the app's.

import { ClocheError, messageOf } from '../../errors.ts';
import { joined, readCapped } from '../../util/capped-body.ts';
import type { PublicKey } from '../public-key.ts';
import type { Publishers } from '../trust.ts';
import { failed, MOST_LIST_BYTES, openBlocklist } from './blocklist-document.ts';
import type { CheckedBlocklist } from './blocklist-options.ts';

const TIMEOUT_MS = 10_000;

/**
 * @returns the JSON of the list
 * @throws {ClocheError} BLOCKLIST_FAILED: it could not be fetched, or is not by whom it has to be
 */
export async function fetchBlocklist(
  options: CheckedBlocklist,
  publishers: Publishers,
  ended: AbortSignal,
): Promise<string> {
  const { text, signer } = await openBlocklist(await fetchText(options.url, ended));
  if (signer === undefined && options.mayBeUnsigned) return text;
  if (signer === undefined) throw failed('it is not signed');
  if (!isTrusted(signer, options, publishers)) throw failed(`it is signed by ${signer}, which is not a key for it`);
  return text;
}

function isTrusted(signer: PublicKey, { publisher }: CheckedBlocklist, publishers: Publishers): boolean {
  const name = publishers.get(signer);
  return name !== undefined && (publisher === undefined || name === publisher);
}

async function fetchText(url: URL, ended: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([ended, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    // `no-cache` asks the server each time, by the ETag of the answer that the browser has, and follows nobody elsewhere.
    const response = await fetch(url, { cache: 'no-cache', credentials: 'same-origin', redirect: 'error', signal });
    if (!response.ok) throw failed(`its server answered with ${response.status}`);
    const chunks = await readCapped(response.body, MOST_LIST_BYTES, { signal });
    if (!chunks) throw failed(`it is longer than ${MOST_LIST_BYTES} bytes`);
    return new TextDecoder('utf-8', { fatal: true }).decode(joined(chunks));
  } catch (thrown) {
    throw thrown instanceof ClocheError ? thrown : failed(messageOf(thrown), thrown);
  }
}
