// Checks a config by its schema. Expressions in `pattern` may be written to take for ever, and so may schemas as a whole: they are
// followed in a worker, which is ended at a deadline, while the page goes on.

import { dispose } from '../util/dispose.ts';
import { Deadline } from '../util/time/deadline.ts';
import { trustedScriptUrl } from '../util/trusted-types.ts';
import type { CheckAnswer, CheckRequest, ConfigProblem } from './check-protocol.ts';
import workerSource from './schema-checker.worker.ts?source';

/** Starting the worker included, which takes a busy machine a while. */
const MOST_MS = 5_000;

/** The library takes its worker's address for a base, and a blob's is none. */
const SOURCE = `Object.defineProperty(self,'location',{value:undefined});${workerSource}`;

/** @param mostMs for all of it. @throws {Error} for a schema that cannot be used, or takes too long, and where no worker can be had */
export async function checkBySchema(request: CheckRequest, mostMs = MOST_MS): Promise<readonly ConfigProblem[]> {
  const { promise, resolve, reject } = Promise.withResolvers<CheckAnswer>();
  const deadline = new Deadline(mostMs, () =>
    reject(new Error(`its schema takes longer than ${mostMs} ms to check by`)),
  );
  const workers: Worker[] = [];
  const ask = (url: string, instead: () => void): void => {
    try {
      const worker = new Worker(trustedScriptUrl(url));
      workers.push(worker);
      worker.onmessage = ({ data }: MessageEvent<CheckAnswer>) => resolve(data);
      worker.onerror = instead;
      worker.postMessage(request);
    } catch {
      instead();
    }
  };
  // A page's policy allows the one or the other, as plugins need it.
  const blob = URL.createObjectURL(new Blob([SOURCE], { type: 'text/javascript' }));
  const refused = (): void =>
    reject(new Error('the policy of this page allows no worker to check it (`worker-src data:`)'));
  try {
    ask(`data:text/javascript;charset=utf-8,${encodeURIComponent(SOURCE)}`, () => ask(blob, refused));
    const answer = await promise;
    if ('unusable' in answer) throw new Error(`its schema cannot be used: ${answer.unusable}`);
    return answer.problems;
  } finally {
    deadline[dispose]();
    for (const worker of workers) worker.terminate();
    URL.revokeObjectURL(blob);
  }
}
