// `nev:plugins/settings`: settings of the app, as JSON.

import type { DialectFunction, EditorService } from '../../../capabilities/services.ts';
import { jsonOf } from '../../../util/json/plain-json.ts';
import { SETTINGS } from './names.ts';
import { parsedJson } from './parsed-json.ts';
import { does, gives } from './typed.ts';

const INTERFACE = 'nev:plugins/settings';

/** What plugins may do is set there, or in what holds it, which none of them is to change. */
const OF_PLUGINS = /^\+?(?:$|plugins?(?:$|\.))/;

export function settingFunctions({ settings }: EditorService): DialectFunction[] {
  return [
    {
      name: 'get-setting-raw',
      capability: SETTINGS,
      ...gives(INTERFACE, ['string'], 'string', async ([name]) => jsonOf((await settings.get(name)) ?? null)),
    },
    {
      name: 'set-setting-raw',
      capability: SETTINGS,
      ...does(INTERFACE, ['string', 'string'], async ([name, value], context) => {
        if (OF_PLUGINS.test(name)) {
          context.log('warn', `setting ${JSON.stringify(name)} is not for plugins to change`);
          return;
        }
        const parsed = parsedJson(
          value,
          `setting ${JSON.stringify(name)} is not changed, since its new value`,
          context,
        );
        if (parsed) await settings.set(name, parsed.value);
      }),
    },
  ];
}
