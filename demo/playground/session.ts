// The state of the page and everything that changes it. Elements show it and ask; they change nothing themselves.

import { ClocheError } from '../../src/errors.ts';
import type { PrepareRecord } from '../../src/events.ts';
import type { InstallOptions } from '../../src/options.ts';
import type { ExportFact, ImportFact } from '../../src/runtime/wire/protocol.ts';
import type { Answer, CallReport } from './call-report.ts';
import type { Action, RouteRequest, TakenAnswer } from './events.ts';
import { settingsFor } from './example-settings.ts';
import type { Example } from './examples.ts';
import { type Failure, failureOf } from './failure.ts';
import type { HostLike, PluginLike, Settings } from './host-like.ts';
import { type CallToRun, RunningCall } from './run-call.ts';
import { sourceOf } from './sources.ts';

/** What a plugin's binary says about itself. */
export type Facts =
  | { readonly kind: 'read'; readonly exports: readonly ExportFact[]; readonly imports: readonly ImportFact[] }
  | { readonly kind: 'unreadable'; readonly failure: Failure };

/** Something that could not be installed or changed, shown until the next choice. */
export interface Problem {
  /** What was tried, such as `Installing "a.wasm"`. */
  readonly tried: string;
  readonly failure: Failure;
}

/** A dropped plugin brings the id of one that is there: somebody has to say what becomes of that. */
export interface Taken {
  readonly id: string;
  /** Names of the files that were dropped. */
  readonly file: string;
  /** Of the plugin that is there. */
  readonly manifest: PluginLike['manifest'];
  /** An id that is free. */
  readonly free: string;
  readonly files: readonly File[];
}

/** Tells its listeners of each `change`. */
export class Session extends EventTarget {
  readonly host: HostLike;
  examples: readonly Example[] = [];
  readonly reports = new Map<string, CallReport>();
  readonly facts = new Map<string, Facts>();
  problem: Problem | undefined;
  taken: Taken | undefined;
  /** What is being done, such as `Loading notes`; for the places that wait for it. */
  busy: string | undefined;
  /** How far a component is on its way to run, which takes a while the first time. */
  preparing: PrepareRecord | undefined;
  #shown: string | undefined;
  #watches = new Map<string, RunningCall>();
  #choice = 0;

  constructor(host: HostLike) {
    super();
    this.host = host;
    host.addEventListener('pluginchange', () => this.#changed());
    host.addEventListener('log', () => this.#changed());
    host.addEventListener('prepare', ({ detail }) => {
      this.preparing = detail;
      this.#changed();
    });
    host.addEventListener('hostcall', ({ record }) => this.#watches.get(record.plugin)?.note(record));
  }

  /** The plugin that the page shows. */
  get shown(): PluginLike | undefined {
    return this.#shown === undefined ? undefined : this.host.get(this.#shown);
  }

  isRunning(id: string): boolean {
    return this.#watches.has(id);
  }

  /** Takes the examples. Without them the page still runs what users bring. */
  async load(examples: () => Promise<readonly Example[]>): Promise<void> {
    await this.#attempt('Loading the examples', async () => {
      this.examples = await examples();
    });
  }

  /** Shows the first example, and runs it, so that the page explains itself. */
  async showFirst(): Promise<void> {
    const [example] = this.examples;
    if (!example) return;
    await this.chooseExample(example);
    const call = this.shown?.manifest.defaultCall;
    if (call) await this.run(call.export, call.input);
  }

  /** Shows an example, installed first where it is not, or is of another version. */
  async chooseExample(example: Example): Promise<void> {
    const installed = this.host.get(example.id);
    if (installed && installed.manifest.version === example.version) return this.choosePlugin(example.id);
    await this.#attempt(`Loading ${example.name}`, async (isStale) => {
      const plugin = await this.host.install(example.source, { ...settingsFor(example), replace: true });
      if (!isStale()) this.#show(plugin);
    });
  }

  choosePlugin(id: string): void {
    const plugin = this.host.get(id);
    this.#choice++;
    this.problem = undefined;
    this.busy = undefined;
    if (plugin) this.#show(plugin);
    this.#changed();
  }

  /** Installs dropped files. What a stranger's plugin asks for is granted by hand, so it starts with nothing. */
  async installFiles(files: readonly File[], options: InstallOptions = { grant: 'none' }): Promise<void> {
    const names = files.map((file) => file.name).join(' and ');
    await this.#attempt(`Installing ${names}`, async (isStale) => {
      try {
        const plugin = await this.host.install(await sourceOf(files), options);
        this.reports.delete(plugin.id);
        if (!isStale()) this.#show(plugin);
      } catch (thrown) {
        const taken = this.#takenBy(thrown, files, names);
        if (!taken || isStale()) throw thrown;
        this.taken = taken;
      }
    });
  }

  /** Goes on with a plugin whose id was taken. An update keeps what was granted, and asks for more by itself. */
  async settle(answer: TakenAnswer | undefined): Promise<void> {
    const files = this.taken?.files;
    this.taken = undefined;
    if (!files || !answer) return this.#changed();
    const isUpdate = 'replace' in answer && answer.replace === 'keep';
    await this.installFiles(files, isUpdate ? answer : { ...answer, grant: 'none' });
  }

  #takenBy(thrown: unknown, files: readonly File[], file: string): Taken | undefined {
    if (!(thrown instanceof ClocheError) || thrown.code !== 'ALREADY_INSTALLED') return undefined;
    const plugin = this.host.get(thrown.plugin ?? '');
    return plugin && { id: plugin.id, file, manifest: plugin.manifest, free: this.#freeId(plugin.id), files };
  }

  #freeId(id: string): string {
    for (let number = 2; ; number++) {
      const free = `${id.slice(0, 58)}-${number}`;
      if (!this.host.get(free)) return free;
    }
  }

  /** Calls an export of the shown plugin and watches it. */
  async run(exportName: string, input: string | Uint8Array): Promise<void> {
    const plugin = this.shown;
    if (!plugin) return;
    await this.#watch({
      plugin,
      title: exportName,
      run: async (signal) => ({ output: (await plugin.call(exportName, input, { signal })).bytes() }),
    });
  }

  /** Sends a request to the routes of the shown plugin and watches it. */
  async request({ method, path, body }: RouteRequest): Promise<void> {
    const plugin = this.shown;
    if (!plugin) return;
    const url = new URL(`/api/plugins/${plugin.id}${path}`, location.origin);
    const sent = body === '' ? {} : { body, headers: { 'Content-Type': contentType(body) } };
    await this.#watch({
      plugin,
      title: `${method} ${path}`,
      run: async (signal) => answerOf(await plugin.fetch(url, { method, signal, ...sent })),
    });
  }

  stop(): void {
    if (this.#shown !== undefined) this.#watches.get(this.#shown)?.stop();
  }

  async act(action: Action): Promise<void> {
    const plugin = this.shown;
    if (!plugin) return;
    await this.#attempt(`${ACTION_WORDS[action]} ${plugin.manifest.name}`, async () => {
      switch (action) {
        case 'enable':
          return plugin.enable();
        case 'disable':
          return plugin.disable();
        case 'dismiss':
          return plugin.dismiss();
        case 'reset':
          await plugin.reset();
          this.reports.delete(plugin.id);
          return;
        case 'remove':
        case 'wipe':
          await plugin.uninstall({ wipe: action === 'wipe' });
          this.reports.delete(plugin.id);
          this.facts.delete(plugin.id);
          this.#shown = undefined;
      }
    });
  }

  async removeUnreadable(id: string): Promise<void> {
    await this.#attempt(`Removing ${id}`, () => this.host.removeUnreadable(id));
  }

  /** Puts the update that was shown in the place of the shown plugin. */
  async accept(sha256: string): Promise<void> {
    const plugin = this.shown;
    if (!plugin) return;
    await this.#attempt(`Updating ${plugin.manifest.name}`, async (isStale) => {
      await plugin.accept(sha256);
      if (!isStale()) this.#show(plugin);
    });
  }

  async configure(settings: Settings): Promise<void> {
    const plugin = this.shown;
    if (!plugin) return;
    await this.#attempt(`Changing ${plugin.manifest.name}`, () => plugin.configure(settings));
  }

  /** Takes the problem from the page. */
  dismiss(): void {
    this.problem = undefined;
    this.#changed();
  }

  /** One call of a plugin at a time: its limits and host calls are shown for that one. */
  async #watch(call: CallToRun): Promise<void> {
    const { id } = call.plugin;
    if (this.isRunning(id)) return;
    this.problem = undefined;
    const watch = new RunningCall(call, (report) => {
      if (report.outcome.kind !== 'running') this.#watches.delete(id);
      this.reports.set(id, report);
      this.#changed();
    });
    this.#watches.set(id, watch);
    await watch.run();
  }

  #show(plugin: PluginLike): void {
    this.#shown = plugin.id;
    void this.#readFacts(plugin);
  }

  async #readFacts(plugin: PluginLike): Promise<void> {
    try {
      const [exports, imports] = await Promise.all([plugin.exports(), plugin.imports()]);
      this.facts.set(plugin.id, { kind: 'read', exports, imports });
    } catch (thrown) {
      this.facts.set(plugin.id, { kind: 'unreadable', failure: failureOf(thrown) });
    }
    this.#changed();
  }

  /** Runs one change. A newer one wins: then this one shows neither its result nor its failure. */
  async #attempt(doing: string, change: (isStale: () => boolean) => Promise<void>): Promise<void> {
    const choice = ++this.#choice;
    const isStale = (): boolean => choice !== this.#choice;
    this.problem = undefined;
    this.busy = doing;
    this.preparing = undefined;
    this.#changed();
    try {
      await change(isStale);
    } catch (thrown) {
      if (!isStale()) this.problem = { tried: doing, failure: failureOf(thrown) };
    }
    if (!isStale()) {
      this.busy = undefined;
      this.preparing = undefined;
    }
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

const ACTION_WORDS: Record<Action, string> = {
  enable: 'Switching on',
  disable: 'Switching off',
  reset: 'Resetting',
  remove: 'Removing',
  wipe: 'Removing',
  dismiss: 'Dismissing the update of',
};

async function answerOf(response: Response): Promise<Answer> {
  const output = new Uint8Array(await response.arrayBuffer());
  return { output, response: { status: response.status, headers: [...response.headers] } };
}

function contentType(body: string): string {
  try {
    JSON.parse(body);
    return 'application/json';
  } catch {
    return 'text/plain; charset=utf-8';
  }
}
