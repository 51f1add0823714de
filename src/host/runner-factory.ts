// Makes the runner of a plugin: what it runs under, who answers its host calls, and who hears of its end.

import { leastMode } from '../capabilities/scopes/mode-scope.ts';
import { type ClocheError, messageOf } from '../errors.ts';
import { KillEvent, type LogRecord } from '../events.ts';
import { Runner } from '../runtime/runner.ts';
import type { RunnerContext } from '../runtime/runner-context.ts';
import { CLOCK_MODES, WASI_MODES } from '../runtime/wire/guest-modes.ts';
import type { LinkedDialect } from './dialects.ts';
import type { CallingPlugin } from './host-calls/dispatched-call.ts';
import { HostCallDispatcher } from './host-calls/host-call-dispatcher.ts';
import type { PluginContext } from './plugin-context.ts';
import type { PluginSettings } from './settings/plugin-settings.ts';

/** What its runner needs of a plugin; read anew each time, since all of it may change. */
export interface RunnablePlugin extends CallingPlugin {
  /** What its guest reads. */
  readonly guestConfig: RunnerContext['config'];
  readonly linkedDialect: LinkedDialect;
  readonly settings: Pick<PluginSettings, 'config' | 'secrets' | 'temporary' | 'isolation' | 'missing'>;
  /** Why it may not run now. */
  readonly refusal: ClocheError | undefined;
  /** Its runner has quarantined it, and that must outlive this page. */
  keepQuarantine(): Promise<void>;
}

/** @param isQuarantined it was when it ran last, as in another tab or before a reload */
export function makeRunner(host: PluginContext, plugin: RunnablePlugin, isQuarantined: boolean): Runner {
  const dispatcher = new HostCallDispatcher(host, plugin);
  const write = (level: LogRecord['level'], source: LogRecord['source'], text: string): void =>
    host.log.write(plugin.id, { level, source, text }, plugin.effective.limits);

  const own = () => plugin.linkedDialect.code.ownWorker?.(host, context.id, plugin.manifest.modules);

  const context: RunnerContext = {
    logLevel: host.logLevel,
    get id() {
      return plugin.id;
    },
    get limits() {
      return plugin.effective.limits;
    },
    get config() {
      return plugin.guestConfig;
    },
    get isolation() {
      return own()?.isolation(plugin.settings.isolation) ?? plugin.settings.isolation;
    },
    get refusal() {
      return plugin.refusal;
    },
    get modules() {
      return plugin.manifest.modules;
    },
    get guest() {
      return plugin.linkedDialect.code.guest(plugin.manifest, plugin.effective.grants);
    },
    workerSource: () => own()?.script() ?? plugin.linkedDialect.code.worker?.(plugin.manifest),
    get wasi() {
      const mode = plugin.linkedDialect.code.wasi?.(plugin.effective.grants);
      return leastMode(WASI_MODES, { mode }, plugin.effective.grants.get('wasi'), host.policy.get('wasi'));
    },
    get clock() {
      return leastMode(CLOCK_MODES, plugin.effective.grants.get('clock'), host.policy.get('clock'));
    },
    get functions() {
      return plugin.effective.functions.map(({ shape }) => shape);
    },
    get stubs() {
      return plugin.settings.missing === 'stub';
    },
    dispatch: dispatcher.dispatch,
    oneWay: dispatcher.oneWay,
    leasedCalls: dispatcher.leasedCalls,
    files: () => own()?.files() ?? host.files(),
    // The next page does without it then, and looks first.
    inspected(facts) {
      host.keepFacts(facts).catch((thrown: unknown) => {
        write('warn', 'host', `what it imports could not be stored: ${messageOf(thrown)}`);
      });
    },
    // Of the first capability that has one, where the plugin imports a function that wants it, and was granted it.
    lock(facts) {
      const { exclusive } = plugin.linkedDialect;
      if (exclusive.length === 0) return undefined;
      const imported = new Set(facts.flatMap(({ imports }) => imports.map(({ name }) => name)));
      const wanted = exclusive.find(
        ({ capability, name }) => plugin.effective.grants.has(capability.name) && imported.has(name),
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
          message: host.configs.redact(plugin.id, error.message),
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
    unfinished: ({ message }) => write('error', 'host', message),
    changed() {
      if (!runner.live) host.live.forget(plugin.id);
      host.changed('state');
    },
  };
  const runner = new Runner(host.pool, context, isQuarantined);
  return runner;
}
