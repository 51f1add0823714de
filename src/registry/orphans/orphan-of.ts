// Data whose plugin is gone, as it is noted in storage: so that it can be listed, taken over, and wiped.

import { type LeftSignature, leftSignature } from '../../trust/package-signature.ts';
import { isInstallationOf } from '../installation-id.ts';

export interface OrphanRecord {
  readonly schema: 1;
  /** Id of the plugin that is gone. */
  readonly id: string;
  /** Whom the data belongs to. */
  readonly installation: string;
  /** Who signed the plugin that is gone. */
  readonly signature: LeftSignature;
  /** Name of the plugin that is gone: its own words. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Somebody has said that it goes: nobody takes it over any more. */
  readonly wiping: boolean;
}

/**
 * The note for a plugin that goes. Its record may be damaged: what can be read of it says whose the data is, and by the
 * plugin's id it is known to whoever looks.
 */
export function orphanOf(id: string, record: unknown, wiping: boolean): OrphanRecord {
  const { installation, manifest, signature } = keysOf(record);
  const { name } = keysOf(manifest);
  return {
    schema: 1,
    id,
    installation: isInstallationOf(id, installation) ? installation : id,
    signature: leftSignature(signature),
    name: typeof name === 'string' ? name : id,
    since: Date.now(),
    wiping,
  };
}

/** Of anything at all; what is stored is a copy, so there are no getters. */
export function keysOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
