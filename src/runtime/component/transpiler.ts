// Has a component made ready to run, once, in a worker that is thrown away afterwards. Comes late: it is large.

import core, {
  packedBytes as coreBytes,
} from '../../../node_modules/@bytecodealliance/jco-transpile/vendor/js-component-bindgen-component.core.wasm?pieces';
import core2, {
  packedBytes as core2Bytes,
} from '../../../node_modules/@bytecodealliance/jco-transpile/vendor/js-component-bindgen-component.core2.wasm?pieces';
import source from '../../../workers/component/transpiler/transpiler.worker.ts?source';
import { loadChunk } from '../../util/load-chunk.ts';
import type { WorkerHost } from '../isolation/worker-host.ts';
import { askOnce } from '../start/ask-once.ts';
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
  const request: TranspileRequest = { type: 'TRANSPILE', component, mode, ...modules };
  const what = 'making the component ready to run';
  const answer = await askOnce(workerHost, { source, request, read: readTranspiled, mostMs: MOST_MS, what });
  step();
  return answer;
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
