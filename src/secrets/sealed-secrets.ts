// Secrets at rest: encrypted, each for one field of one installation. Where no key can be kept they are only in memory, and
// their place in the record says so.

import { ClocheError } from '../errors.ts';
import { fromBase64Url, toBase64Url } from '../util/base64url.ts';
import { keyToSealWith, storedKey } from './secret-key.ts';

export interface Secret {
  readonly value: string;
  /** Where it may go, as the schema said when it was entered; undefined for all that `http` is granted. */
  readonly hosts: readonly string[] | undefined;
}

/** Whose a secret is: sealed for one, it cannot be opened as another's. */
export interface SecretOwner {
  readonly plugin: string;
  readonly installation: string;
  readonly name: string;
}

const ENCRYPTED = /^1\.([\w-]{16})\.([\w-]{1,20000})$/;
const IN_MEMORY = /^memory\.([0-9a-f]{32})$/;
const IV_BYTES = 12;

/** Of this page, by a number that stands in the record. */
const inMemory = new Map<string, { readonly bound: string; readonly secret: Secret }>();

/** What is stored of it. @throws {ClocheError} STORAGE_FAILED */
export async function seal(storage: string, owner: SecretOwner, secret: Secret): Promise<string> {
  const key = await keyToSealWith(storage);
  if (!key) return remember(owner, secret);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const plain = new TextEncoder().encode(JSON.stringify([secret.value, secret.hosts ?? null]));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: boundTo(owner) }, key, plain);
  return `1.${toBase64Url(iv)}.${toBase64Url(new Uint8Array(sealed))}`;
}

/** @throws {ClocheError} SECRET_UNAVAILABLE where its key is gone, or it is another's; STORAGE_FAILED */
export async function unseal(storage: string, owner: SecretOwner, sealed: string): Promise<Secret> {
  const [, memory] = IN_MEMORY.exec(sealed) ?? [];
  if (memory !== undefined) {
    const known = inMemory.get(memory);
    if (known?.bound === textOf(owner)) return known.secret;
    throw unavailable(owner, 'it was kept in memory only, and that page is gone: enter it again');
  }
  const [, ivText = '', dataText = ''] = ENCRYPTED.exec(sealed) ?? [];
  const [iv, data] = [fromBase64Url(ivText), fromBase64Url(dataText)];
  const key = await storedKey(storage);
  if (!key) throw unavailable(owner, 'the key that it was encrypted with is gone: enter it again');
  try {
    const parts = { name: 'AES-GCM', iv: iv as Uint8Array<ArrayBuffer>, additionalData: boundTo(owner) };
    return readSecret(await crypto.subtle.decrypt(parts, key, data as Uint8Array<ArrayBuffer>));
  } catch (cause) {
    throw unavailable(owner, 'it was encrypted with another key, or for another plugin: enter it again', cause);
  }
}

/** Whether it is lost with this page. */
export function isInMemory(sealed: string): boolean {
  return IN_MEMORY.test(sealed);
}

function remember(owner: SecretOwner, secret: Secret): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const id = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  inMemory.set(id, { bound: textOf(owner), secret });
  return `memory.${id}`;
}

function readSecret(plain: ArrayBuffer): Secret {
  const [value, hosts] = JSON.parse(new TextDecoder().decode(plain)) as [string, readonly string[] | null];
  return { value, hosts: hosts ?? undefined };
}

function boundTo(owner: SecretOwner): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(textOf(owner));
}

/** As JSON, so that no two pairs of installation and name are one text. */
function textOf({ installation, name }: SecretOwner): string {
  return JSON.stringify(['cloche secret', installation, name]);
}

export function unavailable({ plugin, name }: SecretOwner, why: string, cause?: unknown): ClocheError {
  const message = `Secret "${name}" of plugin "${plugin}" cannot be used: ${why}`;
  return new ClocheError('SECRET_UNAVAILABLE', message, { plugin, cause });
}
