// How the guests of each dialect are spoken to. All three are built with Extism's PDKs.

import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { GuestContract } from '../runtime/wire/guest-contract.ts';

/** As natively; the Go SDK, with which Windshift was built, has it the other way round. */
const START = ['__wasm_call_ctors', '_initialize'] as const;

export function guestContract({ dialect, instance }: PluginManifest): GuestContract {
  return {
    abi: 'extism',
    instance,
    afterTrap: 'discard',
    start: dialect === 'windshift' ? START.toReversed() : START,
    wasi: 'preview1',
  };
}
