// Has the scripts of one page read in a worker. Parsers take their time with what is written to be slow, and the host's
// page has to go on meanwhile (H11).

import { WorkQueue } from '../../util/async/work-queue.ts';
import { dispose } from '../../util/dispose.ts';
import { Deadline } from '../../util/time/deadline.ts';
import { trustedScriptUrl } from '../../util/trusted-types.ts';
import type { Edit } from './edits.ts';
import type { FoundImport } from './imports.ts';
import workerSource from './rewrite.worker.ts?source';
import type { ScriptKind } from './rewrite-location.ts';
import type { ParseAnswer, ParseRequest } from './script-parser-protocol.ts';

/** For all scripts of a page together, in ms. */
const MOST_MS = 10_000;
/** Each is an object in the host's page. */
const MOST_EDITS = 20_000;
/** How long a worker waits for another script, in ms. */
const IDLE_MS = 1_000;

export class ScriptParser implements Disposable {
  readonly #queue = new WorkQueue();
  #leftMs: number;
  #worker: Worker | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /** @param mostMs for all that it is asked to read together */
  constructor(mostMs = MOST_MS) {
    this.#leftMs = mostMs;
  }

  /** @throws {Error} when the text is not JavaScript, takes too long, or no worker can be had */
  locationEdits(source: string, kind: ScriptKind): Promise<Edit[]> {
    return this.#ask<Edit[]>({ find: 'location', source, kind, mostEdits: MOST_EDITS });
  }

  /** @throws {Error} as above */
  imports(source: string): Promise<FoundImport[]> {
    return this.#ask<FoundImport[]>({ find: 'imports', source });
  }

  #ask<T>(request: ParseRequest): Promise<T> {
    return this.#queue.add(() => this.#read<T>(request));
  }

  async #read<T>(request: ParseRequest): Promise<T> {
    clearTimeout(this.#idle);
    if (this.#leftMs === 0) throw tooSlow();
    const { promise, resolve, reject } = Promise.withResolvers<ParseAnswer<T>>();
    const deadline = new Deadline(this.#leftMs, () => reject(tooSlow()));
    try {
      this.#worker ??= startWorker();
      this.#worker.onmessage = ({ data }: MessageEvent<ParseAnswer<T>>) => resolve(data);
      this.#worker.onerror = () => reject(new Error('no worker can read it'));
      this.#worker.postMessage(request);
      const answer = await promise;
      if ('problem' in answer) throw new SyntaxError(answer.problem);
      this.#idle = setTimeout(() => this[dispose](), IDLE_MS);
      return answer.found;
    } catch (thrown) {
      this[dispose]();
      throw thrown;
    } finally {
      this.#leftMs = deadline.leftMs;
      deadline[dispose]();
    }
  }

  /** Ends its worker, if any; the next script gets another. */
  [dispose](): void {
    clearTimeout(this.#idle);
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function tooSlow(): Error {
  return new RangeError('the scripts of its page take too long');
}

function startWorker(): Worker {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  const worker = new Worker(trustedScriptUrl(url));
  // Once it speaks it has been loaded.
  for (const type of ['message', 'error']) worker.addEventListener(type, () => URL.revokeObjectURL(url));
  return worker;
}
