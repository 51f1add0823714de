// What all that belongs to a host shares: its plugins, and what installs, stores and follows them.

import type { ActWatch, Perform } from '../audit/act.ts';
import type { PluginLogs } from '../capabilities/log/plugin-logs.ts';
import type { HostEventMap } from '../events.ts';
import type { LiveContributions } from '../extensions/live-contributions.ts';
import type { SandboxPool } from '../runtime/sandbox-pool.ts';
import type { LogLevel } from '../runtime/wire/protocol.ts';
import type { Trust } from '../trust/trust.ts';
import type { CheckedOptions } from './checked-options.ts';
import type { LateConfigs } from './config/late-configs.ts';
import { HostDialects } from './dialects.ts';
import type { Questions } from './host-calls/question-queue.ts';
import { makeQuestions } from './host-calls/questions.ts';
import type { HostRules } from './settings/effective-settings.ts';

/** Its rules, and who hears of what happens. */
export interface SharedContext extends HostRules {
  /** Name of the databases. */
  readonly storage: string;
  readonly configs: LateConfigs;
  /** What plugins add while they run. */
  readonly live: LiveContributions;
  /** Asks for optional permissions; undefined where nobody does. */
  readonly questions: Questions | undefined;
  /** Does what a person asks for. */
  readonly perform: Perform;
  /** The plugin system as a whole is switched off. */
  readonly disabled: boolean;
  readonly pool: SandboxPool;
  /** What plugins write below this is not kept. */
  readonly logLevel: LogLevel | 'off';
  readonly log: PluginLogs;
  /** Tells listeners of the host. */
  dispatch(event: Event): void;
  /** Whether there may be one. */
  hears(type: keyof HostEventMap): boolean;
}

/** What a host has opened or made, by its options. */
type Opened = Pick<SharedContext, 'trust' | 'configs' | 'live' | 'pool' | 'log' | 'say' | 'dispatch' | 'hears'>;

export function sharedContext(options: CheckedOptions, audit: ActWatch | undefined, opened: Opened): SharedContext {
  const { limits, capabilities, policy, ask, logLevel, disabled, storage } = options;
  const { trust, live } = opened;
  return {
    ...opened,
    limits,
    capabilities,
    policy,
    logLevel,
    disabled,
    storage,
    publishers: trust.publishers,
    dialects: new HostDialects(options.dialects, capabilities, live),
    questions: ask && trust.may?.('grant') !== false ? makeQuestions(audit?.asked(ask) ?? ask) : undefined,
    perform: performer(trust, audit),
  };
}

/** Whatever people do goes through here. */
function performer(trust: Trust, audit: ActWatch | undefined): Perform {
  return (act, work) => {
    const allowed: typeof work = async () => {
      trust.assertMay?.(act);
      return work();
    };
    return audit ? audit.watch(act, allowed) : allowed();
  };
}
