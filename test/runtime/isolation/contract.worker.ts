// A worker that does what a test asks of it.

import type { Endpoint } from 'comlink';
import { ModuleCache, type WorkerScope } from '../../../workers/module-cache.ts';

interface Question {
  readonly echo?: unknown;
  readonly spin?: number;
  readonly compile?: Uint8Array<ArrayBuffer>;
  readonly as?: readonly string[];
  readonly deliver?: readonly [string, WebAssembly.Module];
  readonly lent?: boolean;
}

const cache = new ModuleCache(self as unknown as WorkerScope);

void cache.page.then((page) => {
  page.addEventListener('message', (event) => void answer(page, (event as MessageEvent<Question>).data));
  page.start?.();
});

async function answer(page: Endpoint, question: Question): Promise<void> {
  const { echo, spin, compile, as, deliver, lent } = question;
  if (echo !== undefined) page.postMessage(echo, echo instanceof Uint8Array ? [echo.buffer] : []);
  if (spin !== undefined) for (const end = performance.now() + spin; performance.now() < end; );
  if (deliver) await cache.give([deliver]);
  if (compile) {
    const module = await WebAssembly.compile(compile);
    const had = [...(await cache.cached()).keys()];
    await cache.give((as ?? []).map((key) => [key, module]));
    return page.postMessage(had);
  }
  if (deliver) page.postMessage('delivered');
  if (lent) page.postMessage([...(await cache.cached()).keys()]);
}
