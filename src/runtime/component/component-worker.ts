// The worker of a component, whose script ends with the glue that was made of it. What makes that comes later still.

import { loadChunk } from '../../util/load-chunk.ts';
import type { OwnWorker, OwnWorkerPlace } from '../start/own-worker.ts';
import type { GuestScript } from './guest-script.ts';

/** One for each plugin that is kept somewhere, so that a start makes it once. */
const workers = new WeakMap<OwnWorkerPlace, { readonly modules: object; readonly worker: OwnWorker }>();

/** @param modules those of its manifest: what was made of a version before, for a start that came to nothing, is no good for the next */
export function componentWorker(place: OwnWorkerPlace, plugin: string, modules: object): OwnWorker {
  const known = workers.get(place);
  if (known?.modules === modules) return known.worker;
  const worker = newWorker(place, plugin);
  workers.set(place, { modules, worker });
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
