// Cloche's own plugins: how they are told. Their routes, events and pages have Windshift's form.

import type { Dialect } from '../dialect.ts';
import { isExtismKey } from '../extism/keys.ts';
import { windshift } from '../windshift/windshift.ts';
import { code } from './code.ts';
import { clocheKeys } from './keys.ts';

export const cloche: Dialect = {
  name: 'cloche',
  label: 'Cloche',
  marks: '`cloche`: 1',
  keys: clocheKeys(),
  recognise(evidence) {
    if (evidence.kind !== 'manifest') return undefined;
    const { manifest, place } = evidence;
    if ('cloche' in manifest) return 'mark';
    // What the page itself wrote beside a module is for Cloche, whether it says so or not.
    return place === 'inline' && !Object.keys(manifest).every(isExtismKey) ? 'place' : undefined;
  },
  load: async () => code,
  http: windshift.http,
  page: windshift.page,
  handlers: windshift.handlers,
};
