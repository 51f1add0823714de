// One database of one plugin, in a worker of its own: PostgreSQL as PGlite has it. What it runs is a stranger's, so it stands in an
// opaque origin, and has nothing of what is stored but what the page has handed it.

import type { PGlite } from '@electric-sql/pglite';
import { messageOf } from '../../src/errors.ts';
import type { FromDatabase, OpenDatabase, RunStatement, ToDatabase } from '../../src/runtime/wire/sql/messages.ts';
import { lockDown } from '../lockdown.ts';
import { ModuleCache } from '../module-cache.ts';
import { readAnswer, statementMessages } from './backend-messages.ts';
import { decodeChanges, encodeChanges } from './change-record.ts';
import { ChangedFiles } from './changed-files.ts';
import { limitData, wholeFolder } from './data-folder.ts';
import { FileTree } from './file-tree.ts';
import { becomePlugin } from './plugin-session.ts';
import { limitHeap, startPostgres } from './start-postgres.ts';

/** Of the module: one for all databases of a frame. */
const KEY = 'postgres';

/**
 * In the place of the program that makes a database, which PGlite would fetch where it is not given, from nowhere: each is made of what is
 * stored, or of the snapshot.
 */
const NO_PROGRAM = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

const scope = self as DedicatedWorkerGlobalScope;
const { Blob, CompressionStream, DecompressionStream, Response, setTimeout, clearTimeout } = globalThis;
const cache = new ModuleCache(scope);

void cache.page.then((port) => {
  const say = (message: FromDatabase, transfer: Transferable[] = []): void => port.postMessage(message, transfer);
  let database: Promise<Database> | undefined;
  let turn: Promise<void> = Promise.resolve();
  port.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<ToDatabase>;
    if (data.type === 'OPEN') {
      database = open(data, say);
      database.then(
        () => say({ id: 0, type: 'OPENED' }),
        (thrown: unknown) => say({ id: 0, type: 'BROKEN', why: 'failed', message: messageOf(thrown) }),
      );
      return;
    }
    // What holds the worker is heard by the same way.
    if (data.type !== 'RUN' && data.type !== 'TAKE') return;
    turn = turn.then(async () => {
      try {
        const answer = await (await database)?.answer(data);
        if (answer) say(answer, 'bytes' in answer && answer.bytes ? [answer.bytes.buffer as ArrayBuffer] : []);
      } catch (thrown) {
        say({ id: data.id, type: 'BROKEN', why: 'failed', message: messageOf(thrown) });
      }
    });
  });
  port.start?.();
});

type Say = (message: FromDatabase) => void;

async function open({ wasm, files, changes, mostDataBytes }: OpenDatabase, say: Say): Promise<Database> {
  const tree = new FileTree();
  // A file that somebody has given may be packed to be anything.
  const mostBytes = 2 * mostDataBytes;
  for (const record of changes)
    for (const change of decodeChanges(await unpacked(record, mostBytes), 2 * mostBytes)) tree.apply(change);
  const kept = new ChangedFiles(tree);
  const module = await compiled(wasm);
  limitHeap();
  const start = (): Promise<PGlite> =>
    startPostgres(kept, {
      pgliteWasmModule: module,
      initdbWasmModule: new WebAssembly.Module(NO_PROGRAM),
      fsBundle: new Blob([files as Uint8Array<ArrayBuffer>]),
    });
  const pg = await withUnheard(start);
  lockDown(scope);
  // PGlite's own queue waits by them.
  Object.assign(globalThis, { setTimeout: setTimeout.bind(scope), clearTimeout: clearTimeout.bind(scope) });
  await becomePlugin(pg);
  limitData(pg, mostDataBytes);
  return new Database(pg, kept, say);
}

/**
 * PGlite starts some things that it waits for without hearing that they fail: it would wait for ever.
 * @throws what fails that nobody hears of, and what the work throws
 */
async function withUnheard<T>(work: () => Promise<T>): Promise<T> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const hear = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    reject(event.reason);
  };
  scope.addEventListener('unhandledrejection', hear);
  try {
    return await Promise.race([work(), failed]);
  } finally {
    scope.removeEventListener('unhandledrejection', hear);
  }
}

async function compiled(wasm: Uint8Array): Promise<WebAssembly.Module> {
  const known = (await cache.cached()).get(KEY);
  if (known) return known;
  const module = await WebAssembly.compile(wasm as Uint8Array<ArrayBuffer>);
  await cache.give([[KEY, module]]);
  return module;
}

class Database {
  readonly #pg: PGlite;
  readonly #files: ChangedFiles;
  readonly #say: Say;

  constructor(pg: PGlite, files: ChangedFiles, say: Say) {
    this.#pg = pg;
    this.#files = files;
    this.#say = say;
  }

  async answer(request: Exclude<ToDatabase, OpenDatabase>): Promise<FromDatabase | undefined> {
    if (request.type === 'RUN') return this.#run(request);
    return { id: request.id, type: 'CHANGES', bytes: request.whole ? await this.#whole() : await this.#changes() };
  }

  async #run({ id, sql, params, mostBytes }: RunStatement): Promise<FromDatabase | undefined> {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    const hear = (data: Uint8Array): void => {
      const before = bytes;
      bytes += data.length;
      if (bytes <= mostBytes) parts.push(data.slice());
      // It goes on computing, and whoever hears this ends it.
      else if (before <= mostBytes) this.#say({ id, type: 'BROKEN', why: 'large', message: `${mostBytes} bytes` });
    };
    await this.#pg.execProtocolRawStream(statementMessages(sql, params), { syncToFs: false, onRawData: hear });
    if (bytes > mostBytes) return undefined;
    const answer = readAnswer(joined(parts, bytes));
    return 'failure' in answer ? { id, type: 'REFUSED', ...answer } : { id, type: 'RESULT', ...answer };
  }

  async #changes(): Promise<Uint8Array | undefined> {
    await this.#pg.syncToFs();
    return this.#files.record();
  }

  async #whole(): Promise<Uint8Array> {
    // What was written since the last of them has to be gone through at each start.
    await this.#pg.execProtocolRawStream(statementMessages('checkpoint', []), {
      syncToFs: false,
      onRawData: () => undefined,
    });
    await this.#pg.syncToFs();
    this.#files.taken();
    return packed(encodeChanges([wholeFolder(this.#pg)]));
  }
}

async function packed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What is packed begins with the mark of gzip, which no length of a head does. */
async function unpacked(bytes: Uint8Array, mostBytes: number): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(parts, length);
    length += value.length;
    if (length > mostBytes) throw new Error(`what is stored of it has more than ${mostBytes} bytes`);
    parts.push(value);
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
