// What an app trusts, as its host asks for it, and how plugins are signed by whom it trusts.

import type { Act } from '../audit/act.ts';
import type { ClocheError } from '../errors.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { Grant } from '../permissions/grants.ts';
import type { BlocklistState } from './blocklist/blocklist-state.ts';
import type { PackageSignature } from './package-signature.ts';
import type { PublicKey } from './public-key.ts';
import type { Role } from './roles.ts';

/** Names of publishers by key. */
export type Publishers = ReadonlyMap<PublicKey, string>;

/**
 * How a plugin's package is signed, by the publishers that the host has now. `signed`: by one of them. `unknown-signer`: by
 * somebody else. `modified`: it has a signature, and is not what was signed. `unsigned`: it has none.
 */
export interface PluginSignature {
  readonly state: 'signed' | 'unknown-signer' | 'modified' | 'unsigned';
  /** Name of the publisher who has signed it. */
  readonly publisher?: string;
  /** Public key that has signed it; of one that is `modified` nobody knows. */
  readonly key?: PublicKey;
}

export function describedSignature(signature: PackageSignature, publishers: Publishers): PluginSignature {
  if (!signature) return { state: 'unsigned' };
  if (signature === 'broken') return { state: 'modified' };
  const publisher = publishers.get(signature);
  return publisher === undefined
    ? { state: 'unknown-signer', key: signature }
    : { state: 'signed', publisher, key: signature };
}

/** What is known of a plugin that is to be installed or run. */
export interface JudgedPlugin {
  readonly manifest: Pick<PluginManifest, 'id' | 'version' | 'modules' | 'assets'>;
  /** SHA-256 of its package; undefined where it was installed before that was kept. */
  readonly sha256: string | undefined;
  readonly signature: PackageSignature;
}

/** The app's `trust`; what is absent is not limited. */
export interface Trust extends Partial<Disposable> {
  readonly publishers: Publishers;
  /** Whether the hash of a package is kept with its plugin, since a pin or a blocklist may ask for it. */
  readonly keepsHash?: boolean;
  /** Resolves when it is known what is blocked. Whatever began here ends with the other. */
  start?(): Promise<void>;
  /** @returns why a plugin may neither be installed nor run: NOT_ALLOWED or BLOCKED */
  refusal?(plugin: JudgedPlugin): ClocheError | undefined;
  /** What a plugin is granted by the app for good. */
  fixedGrant?(id: string): Grant | undefined;
  may?(role: Role): boolean;
  /** @throws {ClocheError} FORBIDDEN */
  assertMay?(act: Act | Role): void;
  readonly blocklist?: BlocklistState | undefined;
}

export const NO_TRUST: Trust = { publishers: new Map() };
