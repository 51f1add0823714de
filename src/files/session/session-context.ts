import type { Access } from '../access.ts';
import type { Volume } from '../volume/volume.ts';
import type { Descriptors } from './descriptors.ts';

/** What the operations of a session share. */
export interface SessionContext {
  readonly open: Descriptors;
  readonly access: Access;
  /** Of no two volumes the same. */
  deviceOf(volume: Volume): number;
}
