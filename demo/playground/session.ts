// The state of the page and everything that changes it. Elements show it and ask; they change nothing themselves.

import type { PluginChangeEvent, PrepareRecord } from '../../src/events.ts';
import type { Host, InstallOptions, Plugin } from '../../src/index.ts';
import type { ExportFact, ImportFact } from '../../src/runtime/wire/protocol.ts';
import type { Answer, CallReport } from './call-report.ts';
import type { RouteRequest, TakenAnswer } from './events.ts';
import { settingsFor } from './example-settings.ts';
import type { Example } from './examples.ts';
import { type Failure, failureOf } from './failure.ts';
import { type CallToRun, RunningCall } from './run-call.ts';
import { type PluginSource, sourceOf } from './sources.ts';

/** Routes of Windmill are behind a door of the host's. */
function isAtDoor({ manifest }: Plugin): boolean {
  return manifest.dialect === 'windmill';
}

/** Where a plugin's routes begin. */
export function routesBase(plugin: Plugin): string {
  return isAtDoor(plugin) ? `/plugin/${plugin.id}` : `/api/plugins/${plugin.id}`;
}

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
  readonly manifest: Pick<Plugin['manifest'], 'name' | 'version'>;
  /** An id that is free. */
  readonly free: string;
  readonly files: readonly File[];
}

/** Where somebody decides on what they bring: `<cloche-consent>`, which shows what fails itself. */
export interface Consent {
  install(source: PluginSource, options: InstallOptions): Promise<Pick<Plugin, 'id'> | undefined>;
}

/** How many parts of all are loaded, which have so many bytes. */
export type Loading = Pick<PrepareRecord, 'done' | 'total' | 'bytes'>;

/** Tells its listeners of each `change`. */
export class Session extends EventTarget {
  readonly host: Host;
  examples: readonly Example[] = [];
  readonly reports = new Map<string, CallReport>();
  readonly facts = new Map<string, Facts>();
  problem: Problem | undefined;
  taken: Taken | undefined;
  /** What is being done, such as `Loading notes`; for the places that wait for it. */
  busy: string | undefined;
  /** How far a component is on its way to run, which takes a while the first time. */
  preparing: PrepareRecord | undefined;
  /** How far the program of SQL databases is on its way, once one is used. */
  loadingDatabase: Loading | undefined;
  /** What that takes, in bytes; undefined where that is not known yet. */
  databaseBytes: number | undefined;
  #shown: string | undefined;
  #watches = new Map<string, RunningCall>();
  #choice = 0;

  constructor(host: Host) {
    super();
    this.host = host;
    host.addEventListener('pluginchange', (event) => this.#follow(event));
    host.addEventListener('prepare', ({ detail }) => this.#prepare(detail));
    host.addEventListener('hostcall', ({ record }) => this.#watches.get(record.plugin)?.note(record));
  }

  /** The plugin that the page shows. */
  get shown(): Plugin | undefined {
    return this.#shown === undefined ? undefined : this.host.get(this.#shown);
  }

  /** Whoever is told of a plugin may have changed it anywhere: in its list, on its page, in another tab. */
  #follow({ plugin: id, change }: PluginChangeEvent): void {
    const plugin = this.host.get(id);
    if (change === 'uninstalled') {
      this.reports.delete(id);
      this.facts.delete(id);
      if (!plugin && this.#shown === id) this.#shown = undefined;
    }
    if (plugin && this.#shown === id && (change === 'installed' || change === 'updated')) {
      this.reports.delete(id);
      void this.#readFacts(plugin);
    }
    this.#changed();
  }

  /** A plugin that is here already is made ready for a start of its own. */
  #prepare(record: PrepareRecord): void {
    if (this.busy === undefined || this.host.get(record.plugin)) return;
    this.preparing = record;
    this.#changed();
  }

  /** Tells how much a database will load, or how far that is. */
  noteDatabase(loading: Loading): void {
    this.databaseBytes = loading.bytes;
    this.loadingDatabase = loading.done < loading.total ? loading : undefined;
    this.#changed();
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

  /** Takes dropped files to their consent. What brings the id of a plugin that is here waits for a word on that first. */
  async installFiles(files: readonly File[], consent: Consent): Promise<void> {
    const names = files.map((file) => file.name).join(' and ');
    await this.#attempt(`Installing ${names}`, async (isStale) => {
      const source = await sourceOf(files);
      const taken = await this.#takenBy(source);
      if (isStale()) return;
      if (taken)
        this.taken = { id: taken.id, file: names, manifest: taken.manifest, free: this.#freeId(taken.id), files };
      else await this.#decide(source, {}, consent, isStale);
    });
  }

  /** Goes on with a plugin whose id was taken, by way of its consent. */
  async settle(answer: TakenAnswer | undefined, consent: Consent): Promise<void> {
    const { taken } = this;
    this.taken = undefined;
    if (!taken || !answer) return this.#changed();
    await this.#attempt(`Installing ${taken.file}`, async (isStale) => {
      await this.#decide(await sourceOf(taken.files), answer, consent, isStale);
    });
  }

  /** Where only the started plugin knows its id, nobody was asked, so it is an update of what it turns out to be. */
  async #decide(
    source: PluginSource,
    answer: TakenAnswer | Record<never, never>,
    consent: Consent,
    isStale: () => boolean,
  ): Promise<void> {
    const installed = await consent.install(source, 'id' in answer ? answer : { replace: 'keep', ...answer });
    const plugin = installed && this.host.get(installed.id);
    if (plugin && !isStale()) this.#show(plugin);
  }

  /** The plugin whose id a source brings. What cannot be read has none: its consent says what is wrong with it. */
  async #takenBy(source: PluginSource): Promise<Plugin | undefined> {
    try {
      const { manifest } = await this.host.review(source, { grant: 'none', missing: 'stub', replace: 'wipe' });
      return this.host.get(manifest.id);
    } catch {
      return undefined;
    }
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
    const url = new URL(`${routesBase(plugin)}${path}`, location.origin);
    const sent = body === '' ? {} : { body, headers: { 'Content-Type': contentType(body) } };
    await this.#watch({
      plugin,
      title: `${method} ${path}`,
      run: async (signal) =>
        answerOf(await (isAtDoor(plugin) ? this.host : plugin).fetch(url, { method, signal, ...sent })),
    });
  }

  stop(): void {
    if (this.#shown !== undefined) this.#watches.get(this.#shown)?.stop();
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

  #show(plugin: Plugin): void {
    this.#shown = plugin.id;
    void this.#readFacts(plugin);
  }

  async #readFacts(plugin: Plugin): Promise<void> {
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
