// Has a component made ready to run, once, in a worker that is thrown away afterwards. Comes late: it is large.

import core, {
  packedBytes as coreBytes,
} from '../../../node_modules/@bytecodealliance/jco-transpile/vendor/js-component-bindgen-component.core.wasm?pieces';
import core2, {
  packedBytes as core2Bytes,
} from '../../../node_modules/@bytecodealliance/jco-transpile/vendor/js-component-bindgen-component.core2.wasm?pieces';
import source from '../../../workers/component/transpiler/transpiler.worker.ts?source';
import { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import { Deadline } from '../../util/time/deadline.ts';
import type { PluginWorker, WorkerHost } from '../isolation/worker-host.ts';
import type { Transpiled, TranspileMode, TranspileRequest } from '../wire/component/transpile.ts';
import { readTranspiled } from './read-transpiled.ts';

/** One of 13 MB takes less than 2 s; what takes longer than this was made for that. */
const MOST_MS = 30_000;

/** How far it is: `done` of `total` steps, of which all but the last are parts that are loaded, together `bytes`. */
export type Progress = (record: { readonly done: number; readonly total: number; readonly bytes: number }) => void;

export interface Transpiling {
  readonly bytes: Uint8Array;
  readonly mode: TranspileMode;
  readonly progress: Progress;
}

/** @throws {ClocheError} MODULE_REJECTED, START_TIMEOUT, START_FAILED, FETCH_FAILED, FRAME_REMOVED, PROTOCOL_VIOLATION */
export async function transpile(
  workerHost: WorkerHost,
  { bytes: component, mode, progress }: Transpiling,
): Promise<Transpiled> {
  const total = core.length + core2.length + 1;
  let done = 0;
  const bytes = coreBytes + core2Bytes;
  const step = (): void => progress({ done: ++done, total, bytes });
  progress({ done, total, bytes });
  const modules = { core: await unpacked(core, step), core2: await unpacked(core2, step) };
  const worker = workerHost.spawn(source);
  try {
    worker.loadModules([]);
    const answer = await asked(worker, { type: 'TRANSPILE', component, mode, ...modules });
    step();
    return answer;
  } finally {
    worker.port.close();
    worker[dispose]();
  }
}

async function asked(worker: PluginWorker, request: TranspileRequest): Promise<Transpiled> {
  const { promise, resolve, reject } = Promise.withResolvers<Transpiled>();
  const deadline = new Deadline(MOST_MS, () => {
    reject(new ClocheError('START_TIMEOUT', `making the component ready to run took longer than ${MOST_MS} ms`));
  });
  void worker.died.then(({ message, why }) => {
    reject(new ClocheError('START_FAILED', `the worker that makes the component ready ended (${why}): ${message}`));
  });
  worker.port.onmessage = ({ data }: MessageEvent<unknown>) => {
    try {
      resolve(readTranspiled(data));
    } catch (thrown) {
      reject(thrown);
    }
  };
  worker.port.onmessageerror = () => reject(new ClocheError('PROTOCOL_VIOLATION', 'a message that cannot be read'));
  worker.port.postMessage(request);
  try {
    return await promise;
  } finally {
    deadline[dispose]();
  }
}

async function unpacked(pieces: typeof core, step: () => void): Promise<Uint8Array<ArrayBuffer>> {
  const texts = await Promise.all(
    pieces.map(async (load) => {
      const { default: text } = await loadChunk(load);
      step();
      return text;
    }),
  );
  const packed = Uint8Array.from(atob(texts.join('')), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
