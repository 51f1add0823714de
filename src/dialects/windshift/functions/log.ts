// The `log` of Windshift plugins: `{ "level", "message" }`, where Extism has a function for each level (WS19).

import type { HostFunction } from '../../../capabilities/host-function.ts';
import { USER_NAMESPACE } from '../../../runtime/wire/host-namespace.ts';
import type { LogLevel } from '../../../runtime/wire/protocol.ts';
import { goString, goStruct, JsonError, readGoJson } from '../go/json.ts';

const LogRequest = goStruct('plugins.LogRequest', { level: goString, message: goString });

const LEVELS = new Map<string, LogLevel>([
  ['debug', 'debug'],
  ['warn', 'warn'],
  ['warning', 'warn'],
  ['error', 'error'],
]);

const log: HostFunction<['bytes'], undefined> = {
  namespace: USER_NAMESPACE,
  params: ['bytes'],
  async call([payload], context) {
    try {
      const { level, message } = await readGoJson(LogRequest, payload);
      context.log(LEVELS.get(level.toLowerCase()) ?? 'info', message, 'plugin');
    } catch (thrown) {
      // What is not a line of a log is dropped, and the plugin goes on.
      if (!(thrown instanceof JsonError)) throw thrown;
    }
  },
  failed: () => undefined,
};

export const windshiftLog = log as HostFunction;
