// A plugin that answers as a test says, behind the narrow interface that extensions have of one.

import { defaultDialects } from '../../src/dialects/index.ts';
import type { ExtensionDialect, ManagedHost, ManagedPlugin } from '../../src/extensions/context.ts';
import { inputBytes } from '../../src/host/input.ts';
import { Output } from '../../src/host/output.ts';
import type { Contribution, PluginManifest, Route, Schedule, Subscription } from '../../src/index.ts';
import type { CallOptions } from '../../src/runtime/calls/call-options.ts';

const KNOWN = await defaultDialects();

interface Call {
  readonly name: string;
  /** As the guest would read it. */
  readonly input: string;
  readonly options: CallOptions | undefined;
}

type Answer = (call: Call) => string | Promise<string>;

export interface StandInFacts {
  id?: string;
  name?: string;
  active?: boolean;
  installedAt?: number | undefined;
  routes?: readonly Partial<Route>[];
  contributions?: readonly Partial<Contribution>[];
  subscriptions?: readonly Subscription[];
  schedules?: readonly Schedule[];
  assets?: Readonly<Record<string, string>>;
  answer?: Answer;
}

export class StandIn implements ManagedPlugin {
  readonly calls: Call[] = [];
  /** What an admin did to it. */
  readonly acts: string[] = [];
  readonly manifest: PluginManifest;
  readonly installedAt: number | undefined;
  readonly #assets: Readonly<Record<string, string>>;
  readonly #answer: Answer;
  active: boolean;
  state = 'running';

  constructor(facts: StandInFacts = {}) {
    const { id = 'shortcut', assets = {}, answer = () => '{}' } = facts;
    this.active = facts.active ?? true;
    this.installedAt = 'installedAt' in facts ? facts.installedAt : 1_700_000_000_000;
    this.#assets = assets;
    this.#answer = answer;
    this.manifest = {
      id,
      name: facts.name ?? id,
      version: '1.2.3',
      description: 'about it',
      author: 'somebody',
      homepage: undefined,
      dialect: 'windshift',
      modules: [],
      config: new Map(),
      permissions: [],
      limits: {},
      instance: 'per-call',
      contributions: (facts.contributions ?? []).map((given) => ({ ...CONTRIBUTION, ...given })),
      routes: (facts.routes ?? []).map((given) => ({ method: 'GET', path: '/', description: '', ...given })),
      subscriptions: facts.subscriptions ?? [],
      schedules: facts.schedules ?? [],
      handlers: [],
      commands: [],
      assets: Object.keys(assets).map((path) => ({ path, sha256: '0'.repeat(64), size: 1 })),
    };
  }

  get id(): string {
    return this.manifest.id;
  }

  get contributed(): PluginManifest {
    return this.manifest;
  }

  get dialect(): ExtensionDialect {
    return KNOWN.find(({ name }) => name === this.manifest.dialect) ?? {};
  }

  async call(name: string, input?: unknown, options?: CallOptions): Promise<Output> {
    const call = { name, input: new TextDecoder().decode(inputBytes(input)), options };
    this.calls.push(call);
    return new Output(new TextEncoder().encode(await this.#answer(call)), this.id);
  }

  /** None of the systems that it stands in for has such exports. */
  callWith(): Promise<never> {
    return Promise.reject(new Error('Expected a call with an input'));
  }

  async asset(path: string): Promise<Uint8Array | undefined> {
    const text = Object.hasOwn(this.#assets, path) ? this.#assets[path] : undefined;
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }

  async enable(): Promise<void> {
    this.active = true;
    this.acts.push('enable');
  }

  async disable(): Promise<void> {
    this.active = false;
    this.acts.push('disable');
  }

  async reset(): Promise<void> {
    this.acts.push('reset');
  }

  async start(): Promise<void> {
    this.acts.push('start');
  }

  async uninstall(): Promise<void> {
    this.acts.push('uninstall');
  }
}

const CONTRIBUTION: Contribution = {
  point: 'admin.tab',
  id: 'tab',
  label: 'Tab',
  description: '',
  icon: undefined,
  component: undefined,
  styles: undefined,
  group: undefined,
  order: undefined,
};

/** A host of these plugins. */
export function standInHost(plugins: readonly StandIn[], over: Partial<ManagedHost> = {}): ManagedHost {
  return {
    disabled: false,
    durable: true,
    plugins,
    get: (id) => plugins.find((plugin) => plugin.id === id),
    task: () => Promise.reject(new Error('no tasks here')),
    install: () => Promise.reject(new Error('nothing to install here')),
    ...over,
  };
}

/** Lines that the host wrote to logs, as `plugin level text`. */
export function sayInto(lines: string[]): (plugin: string, level: string, text: string) => void {
  return (plugin, level, text) => lines.push(`${plugin} ${level} ${text}`);
}
