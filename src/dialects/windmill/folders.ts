// The folders that a component finds open, each where it was granted something of it.

import { ROOTS } from '../../files/roots.ts';

/** Where plugins of Windmill look for their own: docs/contracts/windmill.md. */
const TEMP = '/temp/';

/** @param name of the plugin */
export function foldersOf(name: string): (readonly [path: string, name: string])[] {
  const own = /^[\w.-]+$/.test(name) ? [['home://', `${TEMP}${name}`] as const] : [];
  return [...own, ...ROOTS.map((root) => [root, `/${root.slice(0, -'://'.length)}`] as const)];
}
