// The times that a guest gives to a file.

import { EINVAL, Refused } from '../errno.ts';
import type { Node } from '../volume/nodes.ts';
import type { Volume } from '../volume/volume.ts';

/** https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#fstflags */
const ACCESSED = 1;
const ACCESSED_NOW = 2;
const MODIFIED = 4;
const MODIFIED_NOW = 8;

/** @param accessed in ns since 1970, as `modified` @throws {Refused} EINVAL where a time is given twice */
export function setTimes(volume: Volume, node: Node, accessed: bigint, modified: bigint, flags: number): void {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  if ((has(ACCESSED) && has(ACCESSED_NOW)) || (has(MODIFIED) && has(MODIFIED_NOW))) throw new Refused(EINVAL);
  const now = volume.now();
  if (has(ACCESSED)) node.times.accessed = accessed;
  if (has(ACCESSED_NOW)) node.times.accessed = now;
  if (has(MODIFIED)) node.times.modified = modified;
  if (has(MODIFIED_NOW)) node.times.modified = now;
  node.times.changed = now;
  volume.touched();
}
