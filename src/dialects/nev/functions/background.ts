// `spawn-background` of `nev:plugins/core`, and all that instances of one plugin have in common: what does it comes with the first.

import type { DialectFunction, EditorService, LiveContributions } from '../../../capabilities/services.ts';
import { EXCHANGED_PARAMS } from '../../../runtime/wire/abi/exchanged.ts';
import { exchangeOf } from '../background/late-exchange.ts';
import { EDITOR } from './names.ts';

export function backgroundFunction(editor: EditorService, live: LiveContributions): DialectFunction {
  return {
    namespace: 'nev:plugins/core',
    name: 'spawn-background',
    capability: EDITOR,
    params: EXCHANGED_PARAMS,
    result: 'bytes',
    async call(values, context) {
      const [name, ...rest] = values as [string, ...(bigint | Uint8Array)[]];
      return (await exchangeOf(editor)).use(name, rest, context, live);
    },
  };
}
