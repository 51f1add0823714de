// `nev:plugins/session`: what a plugin keeps, in its own `kv` under keys of its own.

import type { DialectFunction, KvService } from '../../../capabilities/services.ts';
import { fromUtf8 } from '../../../util/text/utf8.ts';
import { parsedJson } from './parsed-json.ts';
import { does, gives } from './typed.ts';

const INTERFACE = 'nev:plugins/session';
const PREFIX = 'session.';
const MISSING = 'null';

export function sessionFunctions(kv: KvService): DialectFunction[] {
  return [
    {
      name: 'get-session-data',
      capability: 'kv',
      ...gives(INTERFACE, ['string'], 'string', async ([name], context) => {
        const value = await kv.use(context, (store) => store.get(PREFIX + name));
        return value ? fromUtf8(value) : MISSING;
      }),
    },
    {
      name: 'set-session-data',
      capability: 'kv',
      ...does(INTERFACE, ['string', 'string'], async ([name, value], context) => {
        if (!parsedJson(value, `session data ${JSON.stringify(name)} is not changed, since its new value`, context))
          return;
        // Over its quota the log says so.
        await kv.set(PREFIX + name, new TextEncoder().encode(value), context);
      }),
    },
  ];
}
