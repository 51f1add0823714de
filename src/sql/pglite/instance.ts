// The worker of one database, as the page holds it. Whatever it says is a stranger's word: it is checked, and what is no answer ends it.

import source from '../../../workers/sql/sql.worker.ts?source';
import { ClocheError } from '../../errors.ts';
import type { PluginWorker, WorkerHost } from '../../runtime/isolation/worker-host.ts';
import type { OpenDatabase, RunStatement, StatementResult, TakeChanges } from '../../runtime/wire/sql/messages.ts';
import { dispose } from '../../util/dispose.ts';
import { within } from '../../util/time/deadline.ts';
import { SqlError, type SqlRules } from '../sql-driver.ts';
import { type Answer, readAnswer } from './read-answer.ts';

/** A start from the snapshot takes half a second, on a busy machine ten. */
const OPEN_MS = 30_000;
/** Writing down all of a database, in ms. */
const TAKE_MS = 30_000;

/** Key of the compiled program, as the worker has it. */
const MODULE = 'postgres';

/** Its number is given here. */
type Message = OpenDatabase | Omit<RunStatement, 'id'> | Omit<TakeChanges, 'id'>;

interface Asked {
  /** Of the answer, in bytes. */
  readonly mostBytes: number;
  resolve(answer: Answer): void;
  reject(error: ClocheError): void;
}

export class Instance implements Disposable {
  readonly #worker: PluginWorker;
  readonly #name: string;
  readonly #asked = new Map<number, Asked>();
  #nextId = 0;
  #ended: ClocheError | undefined;

  private constructor(worker: PluginWorker, name: string) {
    this.#worker = worker;
    this.#name = name;
    const { port } = worker;
    port.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    port.onmessageerror = () => this.end(this.#violation());
    void worker.died.then(({ message, why }) => this.end(this.#failed(`its worker ended (${why}): ${message}`)));
  }

  /** @throws {ClocheError} START_FAILED, START_TIMEOUT, ABORTED */
  static async open(
    host: WorkerHost,
    name: string,
    parts: Omit<OpenDatabase, 'type'>,
    signal: AbortSignal,
  ): Promise<Instance> {
    const instance = new Instance(host.spawn(source), name);
    instance.#worker.loadModules([MODULE]);
    const late = (): ClocheError =>
      new ClocheError('START_TIMEOUT', `The SQL database "${name}" did not open within ${OPEN_MS} ms`);
    try {
      const opened = instance.#ask({ type: 'OPEN', ...parts }, signal);
      const { type } = await within(opened, OPEN_MS, late);
      if (type !== 'OPENED') throw instance.#violation();
      return instance;
    } catch (thrown) {
      instance[dispose]();
      throw thrown;
    }
  }

  get isAlive(): boolean {
    return this.#ended === undefined;
  }

  /** @throws {SqlError} what the database refuses @throws {ClocheError} it has ended then */
  async run(
    sql: string,
    params: readonly (string | null)[],
    { signal, mostBytes }: SqlRules,
  ): Promise<{ readonly result: StatementResult } | { readonly error: SqlError; readonly isOver: boolean }> {
    const answer = await this.#ask({ type: 'RUN', sql, params, mostBytes }, signal);
    if (answer.type === 'RESULT') return { result: answer.result };
    if (answer.type !== 'REFUSED') throw this.end(this.#violation());
    return { error: new SqlError(answer.failure), isOver: answer.failure.state === 'I' };
  }

  /** What is to be stored; undefined for nothing. @param whole all of it, in the place of all that was stored before */
  async take(whole: boolean): Promise<Uint8Array | undefined> {
    const late = (): ClocheError => this.end(this.#failed(`it did not write itself down within ${TAKE_MS} ms`));
    const answer = await within(this.#ask({ type: 'TAKE', whole }), TAKE_MS, late);
    if (answer.type !== 'CHANGES') throw this.end(this.#violation());
    return answer.bytes;
  }

  /** @returns why it has ended: this, unless it had before */
  end(error: ClocheError): ClocheError {
    if (this.#ended) return this.#ended;
    this.#ended = error;
    this.#worker.port.close();
    this.#worker[dispose]();
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(error);
    return error;
  }

  [dispose](): void {
    this.end(new ClocheError('CLOSED', `The SQL database "${this.#name}" is closed`));
  }

  /** Whoever waits no more ends it: nothing else stops what it computes. */
  async #ask(message: Message, signal?: AbortSignal): Promise<Answer> {
    if (this.#ended) throw this.#ended;
    signal?.throwIfAborted();
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const mostBytes = 'mostBytes' in message ? message.mostBytes : 0;
    this.#asked.set(id, { mostBytes, resolve, reject });
    const giveUp = (): void => {
      this.end(
        new ClocheError(
          'ABORTED',
          `What the SQL database "${this.#name}" was doing took too long, or its call has ended`,
        ),
      );
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    this.#worker.port.postMessage({ ...message, id });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  #hear(data: unknown): void {
    const answer = readAnswer(data, (id) => this.#asked.get(id)?.mostBytes ?? 0);
    const asked = answer && this.#asked.get(answer.id);
    if (!answer || !asked) {
      this.end(this.#violation());
      return;
    }
    this.#asked.delete(answer.id);
    if (answer.type === 'BROKEN') {
      const { why, message } = answer;
      // Rejects whoever asked with the others.
      this.#asked.set(answer.id, asked);
      this.end(
        why === 'large'
          ? new ClocheError(
              'OUTPUT_TOO_LARGE',
              `What the SQL database "${this.#name}" answers is larger than ${message}`,
            )
          : this.#failed(message),
      );
      return;
    }
    asked.resolve(answer);
  }

  #failed(why: string): ClocheError {
    return new ClocheError('START_FAILED', `The SQL database "${this.#name}" failed: ${why}`);
  }

  #violation(): ClocheError {
    return new ClocheError('PROTOCOL_VIOLATION', `The SQL database "${this.#name}" sent what no such worker sends`);
  }
}
