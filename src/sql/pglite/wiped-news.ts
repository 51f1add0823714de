// Tells other tabs that the databases of an installation are to be deleted: whoever has one open lets go of it. Any script of the origin
// may say so, which could as well delete what is stored.

import { ClocheError } from '../../errors.ts';
import { isPlainObject } from '../../util/given-options.ts';
import { openChannel } from '../../util/news-channel.ts';

export interface WipedNews {
  /** Aborted when somebody says that they are deleted. */
  readonly signal: AbortSignal;
  close(): void;
}

/** To be closed when they are deleted. */
export function tellWiped(storage: string, installation: string): { close(): void } {
  const channel = openChannel(nameOf(storage));
  channel.postMessage({ wiped: installation });
  return channel;
}

export function hearWiped(storage: string, installation: string): WipedNews {
  const channel = openChannel(nameOf(storage));
  const over = new AbortController();
  channel.onmessage = ({ data }) => {
    if (isPlainObject(data) && data.wiped === installation)
      over.abort(new ClocheError('CLOSED', 'What the plugin has stored was deleted in another tab'));
  };
  return { signal: over.signal, close: () => channel.close() };
}

function nameOf(storage: string): string {
  return `cloche:${storage}-sql`;
}
