// What the program of a plugin finds that asks for all of WASI: no arguments, no variables, and folders.

import { ROOTS } from '../../files/roots.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import type { GuestProgram } from '../../runtime/wire/guest-contract.ts';

/** @param named by its manifest; the roots stand behind them, as it may have been built for either */
export function programWith(named: GuestProgram['folders']): GuestProgram {
  return { args: [], env: [], folders: [...named, ...ROOTS.map((root) => [root, root] as const)] };
}

/** One that was stored before such plugins had files says only that it asks for them: it finds the roots. */
export function programOf({ program, permissions }: PluginManifest): GuestProgram | undefined {
  const asksForAll = permissions.some(
    ({ capability, scope }) => capability === 'wasi' && (scope as { mode?: unknown } | undefined)?.mode === 'full',
  );
  return program ?? (asksForAll ? programWith([]) : undefined);
}
