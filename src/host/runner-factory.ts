// Makes the runner of a plugin: what it runs under, who answers its host calls, and who hears of its end.

import { type Capability, functionsFor } from '../capabilities/capability.ts';
import { isHeard } from '../capabilities/log/log.ts';
import type { PluginLogs } from '../capabilities/log/plugin-logs.ts';
import { guestContract } from '../dialects/guest-contract.ts';
import { messageOf } from '../errors.ts';
import { HostCallEvent, KillEvent, type LogRecord, PluginChangeEvent } from '../events.ts';
import type { Dialect } from '../manifest/plugin-manifest.ts';
import { Runner } from '../runtime/runner.ts';
import type { SandboxPool } from '../runtime/sandbox-pool.ts';
import type { FunctionShape, LogLevel } from '../runtime/wire/protocol.ts';
import {
  type DispatchContext,
  dispatchHostCall,
  type OfferedFunction,
  offeredFunctions,
} from './host-call-dispatcher.ts';
import type { Plugin } from './plugin.ts';

/** What all plugins of a host have in common. */
export interface RunnerContext {
  readonly pool: SandboxPool;
  readonly capabilities: readonly Capability[];
  readonly policy: ReadonlyMap<string, unknown>;
  readonly logLevel: LogLevel | 'off';
  readonly log: PluginLogs;
  files(plugin: Plugin): Promise<ReadonlyMap<string, Uint8Array>>;
  dispatch(event: Event): void;
}

export function makeRunner(context: RunnerContext, plugin: Plugin): Runner {
  const { pool, capabilities, policy, logLevel, log } = context;

  /** In the order in which its worker counts them. An update may be of another dialect. */
  let offer: { dialect: Dialect; functions: readonly OfferedFunction[]; shapes: readonly FunctionShape[] } | undefined;
  const offered = () => {
    const { dialect } = plugin.manifest;
    if (offer?.dialect !== dialect) {
      const functions = offeredFunctions(capabilities, dialect);
      const shapes = functions.map(({ namespace, name, params, result, lenient = false }) => {
        return { namespace, name, params, result, lenient };
      });
      offer = { dialect, functions, shapes };
    }
    return offer;
  };

  const described = () => {
    const { id, name, version } = plugin.manifest;
    return { id, name, version, installation: plugin.installation, temporary: plugin.settings.temporary };
  };

  /** Of the first capability that wants one, where the plugin imports a function of it and was granted it. */
  const lock = (): string | undefined => {
    const { dialect } = plugin.manifest;
    const imported = new Set((runner.facts ?? []).flatMap(({ imports }) => imports.map(({ name }) => name)));
    const wanted = capabilities.find(
      (one) =>
        one.lock &&
        plugin.grants.has(one.name) &&
        [...functionsFor(one, dialect).keys()].some((fn) => imported.has(fn)),
    );
    return wanted?.lock?.(dialect, described());
  };

  const write = (level: LogRecord['level'], source: LogRecord['source'], text: string): void =>
    log.write(plugin.id, { level, source, text }, plugin.limits);

  /** Read at each host call: a grant that was revoked a moment ago does not count any more. */
  const dispatchContext = (): DispatchContext => {
    return {
      plugin: described(),
      limits: plugin.limits,
      grants: plugin.grants,
      policy,
      log: (level, text, source = 'host') => {
        if (source === 'host' || isHeard(level, logLevel)) write(level, source, text);
      },
      called(record) {
        plugin.used.add(record.capability);
        context.dispatch(new HostCallEvent(record));
      },
    };
  };

  /** A quarantine that cannot be stored still holds in this page; the log says that it will not outlive it. */
  const keepQuarantine = (): void => {
    plugin.keepQuarantine().catch((thrown: unknown) => {
      write('error', 'host', `its quarantine could not be stored: ${messageOf(thrown)}`);
    });
  };

  const runner: Runner = new Runner(
    pool,
    () => ({
      id: plugin.id,
      limits: plugin.limits,
      functions: offered().shapes,
      config: plugin.config,
      guest: guestContract(plugin.manifest),
      wasi: 'full',
      logLevel,
      refusal: plugin.refusal,
      modules: plugin.manifest.modules,
      lock,
      files: () => context.files(plugin),
    }),
    {
      hostCall: (call, index, args) => dispatchHostCall(dispatchContext(), offered().functions, call, index, args),
      log: ({ level, source, text }) => write(level, source, text),
      killed(error, call) {
        write('error', 'host', error.message);
        context.dispatch(
          new KillEvent({
            plugin: plugin.id,
            time: Date.now(),
            code: error.code,
            exportName: call?.exportName,
            message: error.message,
            afterMs: call?.elapsedMs ?? 0,
          }),
        );
        if (runner.quarantined) keepQuarantine();
      },
      lost: ({ message }) => write('warn', 'host', message),
      changed: () => context.dispatch(new PluginChangeEvent(plugin.id, 'state')),
    },
  );
  return runner;
}
