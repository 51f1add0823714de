// Service worker: a synchronous request that the page's service worker answers with what the page says.

import { ClocheError } from '../../src/errors.ts';
import { readAnswer, writeCall } from '../../src/sandbox/wire-codec.ts';
import { valuesOf } from '../failures.ts';
import type { HostCalls } from './host-calls.ts';

export function serviceWorker(url: string, Request: typeof XMLHttpRequest | undefined): HostCalls {
  return {
    bind:
      (index, read, write) =>
      (_sdk, ...raw) => {
        if (!Request) throw new ClocheError('HOST_CALLS_UNAVAILABLE', 'this worker has no synchronous request');
        const request = new Request();
        request.open('POST', url, false);
        request.responseType = 'arraybuffer';
        request.send(writeCall(index, read(raw)));
        if (request.status !== 200 || !(request.response instanceof ArrayBuffer)) {
          throw new ClocheError(
            'HOST_CALLS_UNAVAILABLE',
            `the service worker answered a host call with ${request.status}`,
          );
        }
        return write(valuesOf(readAnswer(new Uint8Array(request.response))));
      },
    enter:
      (run) =>
      (...args) =>
        run(...args),
  };
}
