// A worker that does one piece of work and is thrown away: what it is given may have been made to break what it runs.

import { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import { Deadline } from '../../util/time/deadline.ts';
import type { PluginWorker, WorkerHost } from '../isolation/worker-host.ts';

interface Work<T> {
  /** Text of the worker's script. */
  readonly source: string;
  readonly request: { readonly type: string };
  /** Reads what the worker answers as hostile. @throws {ClocheError} */
  read(answer: unknown): T;
  readonly mostMs: number;
  /** For messages, such as "making the component ready to run". */
  readonly what: string;
}

/** @throws {ClocheError} what `read` throws; START_TIMEOUT, START_FAILED, PROTOCOL_VIOLATION */
export async function askOnce<T>(workerHost: WorkerHost, work: Work<T>): Promise<T> {
  const worker = workerHost.spawn(work.source);
  try {
    worker.loadModules([]);
    return await answerOf(worker, work);
  } finally {
    worker.port.close();
    worker[dispose]();
  }
}

async function answerOf<T>({ port, died }: PluginWorker, { request, read, mostMs, what }: Work<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const deadline = new Deadline(mostMs, () => {
    reject(new ClocheError('START_TIMEOUT', `${what} took longer than ${mostMs} ms`));
  });
  void died.then(({ message, why }) => {
    reject(new ClocheError('START_FAILED', `the worker for ${what} ended (${why}): ${message}`));
  });
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    try {
      resolve(read(data));
    } catch (thrown) {
      reject(thrown);
    }
  };
  port.onmessageerror = () => reject(new ClocheError('PROTOCOL_VIOLATION', 'a message that cannot be read'));
  port.postMessage(request);
  try {
    return await promise;
  } finally {
    deadline[dispose]();
  }
}
