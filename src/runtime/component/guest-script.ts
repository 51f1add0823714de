// The script of the worker of one component: what all of them run, and behind it the glue that was made of this one. Comes late,
// with the first component.

import workerText from '../../../workers/component/component.worker.ts?source';
import { ClocheError, messageOf } from '../../errors.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { WorkerHost } from '../isolation/worker-host.ts';
import type { ModuleFiles } from '../start/module-files.ts';
import type { Transpiled, TranspileMode } from '../wire/component/transpile.ts';
import { ComponentCache } from './component-cache.ts';
import type { Progress } from './transpiler.ts';

export interface GuestScriptDeps {
  /** Name of the databases. */
  readonly storage: string;
  readonly mode: TranspileMode;
  /** The component, as it came. */
  files(): Promise<ModuleFiles>;
  /** What holds the worker in which it is made ready. */
  workerHost(): Promise<WorkerHost>;
  /** Told of each step, the first time: parts are loaded, then the component is made ready. */
  readonly progress: Progress;
  /** Takes one sentence for the plugin's log. */
  note(text: string): void;
}

interface Made {
  readonly script: string;
  readonly files: ModuleFiles;
}

/** One for each name, since a database has one connection. */
const caches = new Map<string, ComponentCache>();

export class GuestScript {
  readonly #deps: GuestScriptDeps;
  /** What was made for the one and is left for the other: a start asks for both. */
  #left: { readonly part: keyof Made; readonly made: Promise<Made> } | undefined;

  constructor(deps: GuestScriptDeps) {
    this.#deps = deps;
  }

  /** @throws {ClocheError} what making it ready throws, and STORAGE_FAILED */
  async script(): Promise<string> {
    return (await this.#take('script')).script;
  }

  /** The module that goes to the worker in place of the component. @throws as {@link script} */
  async files(): Promise<ModuleFiles> {
    return (await this.#take('files')).files;
  }

  #take(part: keyof Made): Promise<Made> {
    const left = this.#left;
    this.#left = undefined;
    if (left?.part === part) return left.made;
    const made = this.#make();
    this.#left = { part: part === 'script' ? 'files' : 'script', made };
    // What fails is made anew by whoever asks next.
    made.catch(() => {
      if (this.#left?.made === made) this.#left = undefined;
    });
    return made;
  }

  async #make(): Promise<Made> {
    const { bytes, facts } = await this.#deps.files();
    const [component, ...others] = bytes;
    if (!component || others.length > 0)
      throw new ClocheError('MODULE_REJECTED', 'A component comes alone, without other modules');
    const [sha256, content] = component;
    const { glue, parts } = await this.#transpiled(sha256, content);
    // A newline: the last line may be a comment.
    return { script: `${workerText}\n${glue}`, files: { bytes: new Map([[sha256, parts]]), areOwn: true, facts } };
  }

  async #transpiled(sha256: string, bytes: Uint8Array): Promise<Transpiled> {
    const { storage, mode, workerHost, progress, note } = this.#deps;
    const cache = caches.get(storage) ?? new ComponentCache(storage);
    caches.set(storage, cache);
    const known = await cache.get(sha256, mode);
    if (known) return known;
    const { transpile } = await loadChunk(() => import('./transpiler.ts'));
    const made = await transpile(await workerHost(), { bytes, mode, progress });
    try {
      await cache.put(sha256, mode, made);
    } catch (thrown) {
      note(`what was made of it could not be stored, and is made anew at its next start: ${messageOf(thrown)}`);
    }
    return made;
  }
}
