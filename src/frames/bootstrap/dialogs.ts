// `alert`, `confirm` and `prompt`: while one is open the page answers nothing, which the host has to know.

import type { PageSettings } from '../page-protocol.ts';
import type { HostChannel } from './host-channel.ts';

export function installDialogs(channel: HostChannel, { modals }: PageSettings): void {
  for (const name of ['alert', 'confirm', 'prompt'] as const) {
    const native = window[name] as (...texts: unknown[]) => unknown;
    window[name] = ((...texts: unknown[]): unknown => {
      if (!modals) channel.note(`${name}() did nothing: this frame opens no dialogs`);
      channel.post({ type: 'DIALOG', open: true });
      try {
        return native.apply(window, texts);
      } finally {
        channel.post({ type: 'DIALOG', open: false });
      }
    }) as never;
  }
}
