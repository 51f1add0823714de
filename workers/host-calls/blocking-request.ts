// Service worker: the call goes through the port as always, and a synchronous request waits for its answer. A request
// with the arguments in its body would hang in Chromium once they are large: reading it needs the blocked thread.

import { ClocheError } from '../../src/errors.ts';
import { readAnswer } from '../../src/runtime/wire/answer-codec.ts';
import type { BlockingHostCall } from '../../src/runtime/wire/protocol.ts';
import { valuesOf } from '../failures.ts';
import type { PagePort } from '../page-port.ts';
import { blocking } from './blocking.ts';
import type { HostCalls } from './host-calls.ts';
import type { LeasedData } from './leased-data.ts';

export function blockingRequest(
  url: string,
  page: PagePort,
  leased: LeasedData,
  Request: typeof XMLHttpRequest | undefined,
): HostCalls {
  return blocking((index, args) => {
    if (!Request) throw new ClocheError('HOST_CALLS_UNAVAILABLE', 'this worker has no synchronous request');
    const call: BlockingHostCall = { type: 'HOST_CALL', index, args: [...args] };
    leased.asks();
    page.say(call);
    const request = new Request();
    request.open('POST', url, false);
    request.responseType = 'arraybuffer';
    request.send();
    if (request.status !== 200 || !(request.response instanceof ArrayBuffer)) {
      throw new ClocheError('HOST_CALLS_UNAVAILABLE', `the service worker answered a host call with ${request.status}`);
    }
    return leased.heard(valuesOf(readAnswer(new Uint8Array(request.response))));
  }, leased);
}
