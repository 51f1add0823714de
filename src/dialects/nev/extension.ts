// What calls the callbacks that a Nev plugin has registered: by the two numbers that it gave for each.

import type { ExtensionDialect } from '../../extensions/context.ts';
import { toUtf8 } from '../../util/text/utf8.ts';
import { matchesGlob } from './functions/events.ts';

export const extension: ExtensionDialect = {
  handlers: {
    event(event, payload, { subscription }) {
      const [fun = 0, data = 0] = subscription.id.split('_').map(Number);
      return { args: [fun, data, toUtf8(event), toUtf8(JSON.stringify(payload ?? null))] };
    },
    hears: ({ events }, event) => events.some((pattern) => matchesGlob(pattern, event)),
    // No manifest of Nev's has any.
    schedule: ({ id }) => ({ input: id }),
    command({ callback = '' }, args) {
      const [fun, data, active] = callback.split(' ');
      // There is no context of a keymap here.
      const line = active === undefined ? args : `null ${args}`.trimEnd();
      return { args: [Number(fun), Number(data), toUtf8(line)] };
    },
    trapped: '',
  },
};
