// `spawn-background` of `nev:plugins/core`, and all that instances of one plugin have in common: what does it comes with the first.

import type { DialectFunction, LiveContributions } from '../../../capabilities/services.ts';
import { EXCHANGED_PARAMS } from '../../../runtime/wire/abi/exchanged.ts';
import { loadChunk } from '../../../util/load-chunk.ts';
import type { Exchange } from '../background/exchange.ts';
import { EDITOR } from './names.ts';

export function backgroundFunction(live: LiveContributions): DialectFunction {
  let exchange: Promise<Exchange> | undefined;
  const load = async (): Promise<Exchange> =>
    new (await loadChunk(() => import('../background/exchange.ts'))).Exchange(live);
  return {
    namespace: 'nev:plugins/core',
    name: 'spawn-background',
    capability: EDITOR,
    params: EXCHANGED_PARAMS,
    result: 'bytes',
    async call(values, context) {
      exchange ??= load();
      exchange.catch(() => {
        exchange = undefined;
      });
      const [name, ...rest] = values as [string, ...(bigint | Uint8Array)[]];
      return (await exchange).use(name, rest, context);
    },
  };
}
