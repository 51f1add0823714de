// How much a plugin keeps in files, and how much it may.

import { EDQUOT, Refused } from '../errno.ts';

/** What a name costs beside its own bytes, so that empty files cost something. */
const NAME_BYTES = 64;

export interface Quota {
  /** Bytes of files, names and links together. */
  readonly bytes: number;
  /** Files, folders and links. */
  readonly nodes: number;
}

export class Budget {
  bytes = 0;
  nodes = 0;
  /** Where it is lower than what is kept, what is kept stays. */
  quota: Quota;

  constructor(quota: Quota) {
    this.quota = quota;
  }

  /** @throws {Refused} EDQUOT, and then nothing is taken */
  take(bytes: number, nodes = 0): void {
    if (bytes > 0 && this.bytes + bytes > this.quota.bytes) throw new Refused(EDQUOT);
    if (nodes > 0 && this.nodes + nodes > this.quota.nodes) throw new Refused(EDQUOT);
    this.add(bytes, nodes);
  }

  /** What is there already. */
  add(bytes: number, nodes = 0): void {
    this.bytes += bytes;
    this.nodes += nodes;
  }

  giveBack(bytes: number, nodes = 0): void {
    this.bytes -= bytes;
    this.nodes -= nodes;
  }
}

/** What a name of a folder costs, in bytes. */
export function costOf(name: string): number {
  return NAME_BYTES + utf8Length(name);
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
