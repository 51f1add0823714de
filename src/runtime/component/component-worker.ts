// The worker of a component, whose script ends with the glue that was made of it. What makes that comes later still.

import { loadChunk } from '../../util/load-chunk.ts';
import type { OwnWorker, OwnWorkerPlace } from '../start/own-worker.ts';
import type { GuestScript } from './guest-script.ts';

/** One for each plugin that is kept somewhere, so that a start makes it once. */
const workers = new WeakMap<OwnWorkerPlace, OwnWorker>();

export function componentWorker(place: OwnWorkerPlace, plugin: string): OwnWorker {
  const worker = workers.get(place) ?? newWorker(place, plugin);
  workers.set(place, worker);
  return worker;
}

function newWorker(place: OwnWorkerPlace, plugin: string): OwnWorker {
  const { pool, storage } = place;
  const isolation: OwnWorker['isolation'] = (asked) =>
    asked === 'auto' && pool.environment.isolation === 'same-origin' ? 'process' : asked;
  let made: GuestScript | undefined;
  const script = async (): Promise<GuestScript> => {
    const { GuestScript } = await loadChunk(() => import('./guest-script.ts'));
    const { hostCalls } = pool.environment;
    made ??= new GuestScript({
      storage,
      mode: hostCalls === 'jspi' ? 'jspi' : 'sync',
      canWait: hostCalls !== 'none',
      files: () => place.files(),
      workerHost: () => pool.workerHost(isolation('auto')),
      progress: (record) => place.dispatch(new CustomEvent('prepare', { detail: { plugin, ...record } })),
      note: (text) => place.say(plugin, 'warn', text),
    });
    return made;
  };
  return {
    isolation,
    script: async () => (await script()).script(),
    files: async () => (await script()).files(),
  };
}
