// The functions that a relay serves, in Windshift's form for every dialect of ours: Windshift's part comes with the first call.

import type { HostFunction } from '../../capabilities/host-function.ts';
import type { DialectFunction, RelayService } from '../../capabilities/services.ts';
import { USER_NAMESPACE } from '../../runtime/wire/host-namespace.ts';
import { loadCode } from './load.ts';
import { RELAYED } from './relayed-names.ts';

export function relayedFunctions(capability: string, service: RelayService): DialectFunction[] {
  return (RELAYED.get(capability) ?? []).map((name) => {
    const load = async (): Promise<HostFunction> => {
      const { relayedFunction } = await loadCode();
      return relayedFunction(capability, name, service);
    };
    return {
      name,
      capability,
      namespace: USER_NAMESPACE,
      params: ['bytes'],
      result: 'bytes',
      call: async (args, context) => (await load()).call(args, context),
      failed: async (error) => (await load()).failed?.(error),
    };
  });
}
