import type { Plugin } from 'vite';

const SDK = /@extism\/extism\/dist\/browser\/mod\.js$/;
const NESTED_WORKER = /data:text\/javascript;base64,[\w+/=]{10000,}/g;

/**
 * Takes the SDK's own worker out of it: a second copy of the whole SDK as base64, 74 kB that gzip
 * cannot shrink. It serves only `runInWorker`, and a cell has no worker inside a worker.
 */
export function extismWithoutWorker(): Plugin {
  return {
    name: 'cloche:extism-without-worker',
    transform: {
      filter: { id: SDK },
      handler(code) {
        const found = code.match(NESTED_WORKER)?.length ?? 0;
        // Another version may hold it in another form, and then nobody would notice the weight.
        if (found !== 1) throw new Error(`Expected one worker inside the Extism SDK, found ${found}`);
        return { code: code.replace(NESTED_WORKER, 'data:text/javascript,'), map: null };
      },
    },
  };
}
