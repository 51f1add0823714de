// Makes the runner of a plugin: what it runs under, who answers its host calls, and who hears of its end.

import { messageOf } from '../errors.ts';
import { KillEvent, type LogRecord, PluginChangeEvent } from '../events.ts';
import { Runner } from '../runtime/runner.ts';
import type { RunnerContext } from '../runtime/runner-context.ts';
import { HostCallDispatcher } from './host-calls/host-call-dispatcher.ts';
import type { Plugin } from './plugin.ts';
import type { PluginContext } from './plugin-context.ts';

/** @param isQuarantined it was when it ran last, as in another tab or before a reload */
export function makeRunner(host: PluginContext, plugin: Plugin, isQuarantined: boolean): Runner {
  const dispatcher = new HostCallDispatcher(host, plugin);
  const write = (level: LogRecord['level'], source: LogRecord['source'], text: string): void =>
    host.log.write(plugin.id, { level, source, text }, plugin.limits);

  const context: RunnerContext = {
    logLevel: host.logLevel,
    get id() {
      return plugin.id;
    },
    get limits() {
      return plugin.limits;
    },
    get config() {
      return plugin.config;
    },
    get refusal() {
      return plugin.refusal;
    },
    get modules() {
      return plugin.manifest.modules;
    },
    get guest() {
      return plugin.linkedDialect.code.guest(plugin.manifest);
    },
    get wasi() {
      return plugin.linkedDialect.code.wasi?.(plugin.grants) ?? 'full';
    },
    get functions() {
      return plugin.linkedDialect.shapes;
    },
    dispatch: dispatcher.dispatch,
    files: () => host.files(plugin),
    // Of the first capability that has one, where the plugin imports a function that wants it, and was granted it.
    lock(facts) {
      const imported = new Set(facts.flatMap(({ imports }) => imports.map(({ name }) => name)));
      const wanted = plugin.linkedDialect.linked.find(
        ({ exclusive, capability, name }) =>
          exclusive && capability.lock && plugin.grants.has(capability.name) && imported.has(name),
      );
      return wanted?.capability.lock?.(dispatcher.described);
    },
    log: ({ level, source, text }) => write(level, source, text),
    killed(error, call) {
      write('error', 'host', error.message);
      host.dispatch(
        new KillEvent({
          plugin: plugin.id,
          time: Date.now(),
          code: error.code,
          exportName: call?.exportName,
          message: error.message,
          afterMs: call?.elapsedMs ?? 0,
        }),
      );
    },
    // One that cannot be stored still holds in this page; the log says that it will not outlive it.
    quarantined() {
      plugin.keepQuarantine().catch((thrown: unknown) => {
        write('error', 'host', `its quarantine could not be stored: ${messageOf(thrown)}`);
      });
    },
    lost: ({ message }) => write('warn', 'host', message),
    changed() {
      if (!runner.live) host.live.forget(plugin.id);
      host.dispatch(new PluginChangeEvent(plugin.id, 'state'));
    },
  };
  const runner = new Runner(host.pool, context, isQuarantined);
  return runner;
}
