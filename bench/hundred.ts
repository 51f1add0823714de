// A hundred installed plugins that subscribe to one event.

import type { Host } from '../src/index.ts';
import data from './guests/listener.wat';
import { openHost, type Setting } from './library.ts';
import { expectEqual } from './measure.ts';

export const HUNDRED = 100;
const EVENT = 'item.created';

/** A host that has them, all asleep. They are installed once, under the name of the setting. */
export async function openHundred(given: Setting, options: Parameters<typeof openHost>[1] = {}): Promise<Host> {
  const host = await openHost({ ...given, storage: `${given.storage}-hundred` }, options);
  for (let i = host.plugins.length; i < HUNDRED; i++) {
    const manifest = {
      cloche: 1,
      id: `listener-${i}`,
      subscriptions: [{ id: 'all', events: [EVENT], handler: 'on_event' }],
    };
    await host.install({ wasm: data, manifest });
  }
  return host;
}

/** Wakes each of them. */
export async function tellAll(host: Host): Promise<void> {
  const deliveries = await host.emit(EVENT, { item: 7 });
  const failed = deliveries.find(({ ok }) => !ok);
  if (failed) throw failed.error;
  expectEqual(deliveries.length, HUNDRED, 'the number of deliveries');
}
