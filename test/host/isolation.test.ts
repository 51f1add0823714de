// H16 and group N: code that has taken over a plugin worker, behind both walls, behind each of them, and behind none.

import { assert } from 'chai';
import { openCell } from '../../src/runtime/isolation/cell/cell.ts';
import { openCompartment } from '../../src/runtime/isolation/compartment.ts';
import { PageWorkerHost } from '../../src/runtime/isolation/page-worker-host.ts';
import { openSameOrigin } from '../../src/runtime/isolation/same-origin.ts';
import type { WorkerHost } from '../../src/runtime/isolation/worker-host.ts';
import { dispose } from '../../src/util/dispose.ts';
import intruder from '../fixtures/host/intruder.worker.ts?source';
import { canary } from '../helpers/canary.ts';
import { engine } from '../helpers/engine.ts';
import { pause } from '../helpers/hosts.ts';
import { sideBySide } from '../helpers/side-by-side.ts';

/** Each reaches the canary from an unguarded worker. WebTransport and Image need more than the canary or a worker has. */
const LEAKS = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'importScripts',
  'import',
  'Worker',
  'DataWorker',
];
/** Each does from a `data:` worker that nothing guards. */
const UNFRAMED_LEAKS = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'importScripts'];
/** Each works in an unguarded worker of the page. */
const REACH = ['indexedDB', 'caches', 'BroadcastChannel', 'eval', 'Function', 'timer'];

/** What neither wall lets through by itself. */
const WALLS = [
  'fetch',
  'XMLHttpRequest',
  'importScripts',
  'import',
  'importData',
  'FontFace',
  'indexedDB',
  'storage',
  'locks',
  'eval',
  'Function',
];

type Open = (source: string) => Promise<WorkerHost>;

const WALLED = ['the cell', 'the compartment'];

/** Workers as the compartment has them, without its frame. */
async function openUnframed(source: string): Promise<WorkerHost> {
  const url = `data:text/javascript,${encodeURIComponent(source)}`;
  return new PageWorkerHost(() => new Worker(url), 'worker-src data:', {
    isAttached: () => true,
    [dispose]: () => undefined,
  });
}

/** The globals that a locked worker may have beyond those of the language; the last two are constants of Chromium. */
const LEFT = [
  'WebAssembly',
  'TextEncoder',
  'TextDecoder',
  'performance',
  'crypto',
  'console',
  'Response',
  'URL',
  'MessagePort',
  'MessageEvent',
  'self',
  'TEMPORARY',
  'PERSISTENT',
];

interface Report {
  readonly outcomes: Record<string, string>;
  readonly names: string[];
  /** Whether `self.close()` was denied. */
  readonly alive: boolean;
  /** Attempts that reached the canary. */
  readonly hits: string[];
}

const workerHosts: WorkerHost[] = [];
const disposeAll = (): void => {
  for (const workerHost of workerHosts.splice(0)) workerHost[dispose]();
};

/** @param expected what has to reach the canary: it is waited for, and longer than for what must not */
async function intrude(
  open: Open,
  { locked, expected = [] }: { locked: boolean; expected?: readonly string[] },
): Promise<Report> {
  const workerHost = await open(locked ? intruder : `self.unlocked = true;\n${intruder}`);
  workerHosts.push(workerHost);
  const { port } = workerHost.spawn();
  const run = crypto.randomUUID();
  let alive = false;
  const report = new Promise<Pick<Report, 'outcomes' | 'names'>>((resolve) => {
    port.onmessage = ({ data }) => {
      if (data === 'alive') alive = true;
      else resolve(data as Report);
    };
  });
  port.postMessage({ canary: canary.url(`/hit/${run}`) });
  const { outcomes, names } = await report;
  const seen = async (): Promise<string[]> => {
    const counts = await Promise.all(
      Object.keys(outcomes).map(async (name) => [name, await canary.count(`${run}/${name}`)] as const),
    );
    return counts.filter(([, count]) => count > 0).map(([name]) => name);
  };
  // Requests may still be on their way.
  await pause(1_800);
  const end = performance.now() + 10_000;
  let hits = await seen();
  while (!expected.every((name) => hits.includes(name)) && performance.now() < end) {
    await pause(100);
    hits = await seen();
  }
  return { outcomes, names, alive, hits };
}

const done = ({ outcomes }: Report, names: readonly string[]): string[] =>
  names.filter((name) => outcomes[name] === 'done');

describe('H16: an intruder in a plugin worker', () => {
  after(disposeAll);
  const reportOf = sideBySide({
    'same origin, unlocked': () => intrude(openSameOrigin, { locked: false, expected: LEAKS }),
    'same origin, locked': () => intrude(openSameOrigin, { locked: true, expected: ['import'] }),
    'unframed, unlocked': () => intrude(openUnframed, { locked: false, expected: UNFRAMED_LEAKS }),
    'the cell, unlocked': () => intrude(openCell, { locked: false }),
    'the cell, locked': () => intrude(openCell, { locked: true }),
    'the compartment, unlocked': () => intrude(openCompartment, { locked: false }),
    'the compartment, locked': () => intrude(openCompartment, { locked: true }),
  });

  it('reaches everything where nothing guards: the control for all below', async () => {
    const report = await reportOf('same origin, unlocked');
    assert.includeMembers(report.hits, LEAKS);
    assert.sameMembers(done(report, REACH), REACH);
    assert.isFalse(report.alive);
  });

  it('reaches the network from a `data:` worker without the frame: the control of the compartment', async () => {
    const report = await reportOf('unframed, unlocked');
    assert.includeMembers(report.hits, UNFRAMED_LEAKS);
  });

  for (const where of WALLED) {
    it(`reaches nothing in ${where}, locked: the canary sees nothing`, async () => {
      const report = await reportOf(`${where}, locked`);
      assert.isEmpty(report.hits);
      assert.isEmpty(done(report, Object.keys(report.outcomes)));
      assert.isTrue(report.alive);
    });

    it(`reaches no network, no storage and no code in ${where}, even where the lockdown is left out`, async () => {
      const report = await reportOf(`${where}, unlocked`);
      assert.isEmpty(report.hits);
      assert.isEmpty(done(report, WALLS));
      // WebKit gives an opaque origin a cache of its own; there it is the lockdown that takes it away.
      assert.deepEqual(done(report, ['caches']), engine.name === 'webkit' ? ['caches'] : []);
    });
  }

  it('reaches nothing but `import()` by the lockdown alone, which is all there is in a same-origin worker', async () => {
    const report = await reportOf('same origin, locked');
    // Syntax, not a global: only a policy can forbid it. No guest has JavaScript to say it in.
    assert.sameMembers(report.hits, ['import']);
    // Nor is a function's constructor a global; what it makes finds the same empty scope.
    assert.sameMembers(
      done(
        report,
        Object.keys(report.outcomes).filter((name) => !name.startsWith('import')),
      ),
      ['Function'],
    );
  });

  for (const where of [...WALLED, 'same origin']) {
    it(`finds no globals in ${where} but those of the language and the few that the glue needs`, async () => {
      const { names } = await reportOf(`${where}, locked`);
      const unknown = names.filter((name) => !LEFT.includes(name) && !LANGUAGE.test(name) && name !== 'constructor');
      assert.isEmpty(unknown);
      assert.includeMembers(names, ['WebAssembly', 'Promise', 'Uint8Array']);
    });
  }
});

/** The globals of ECMAScript, whether an engine has all of them or not. */
const LANGUAGE =
  /^(globalThis|Infinity|NaN|undefined|isFinite|isNaN|parse(Float|Int)|(de|en)codeURI(Component)?|(Aggregate|Eval|Range|Reference|Syntax|Type|URI|Internal)?Error|Array|(Shared)?ArrayBuffer|Big(Int|Int64Array|Uint64Array)|Boolean|DataView|Date|FinalizationRegistry|Float(16|32|64)Array|Function|U?[Ii]nt(8|16|32)Array|Uint8ClampedArray|Iterator|(Weak)?(Map|Set)|WeakRef|Number|Object|Promise|Proxy|RegExp|String|Symbol|Atomics|JSON|Math|Reflect|Intl)$/;

describe('the cell', () => {
  afterEach(disposeAll);

  it('has an opaque origin, a policy that names nothing outside, and no place on the page', async () => {
    workerHosts.push(await openCell());
    const frame = document.querySelector<HTMLIFrameElement>('iframe[title="Cloche"]');
    assert.equal(frame?.getAttribute('sandbox'), 'allow-scripts');
    assert.equal(frame?.getAttribute('aria-hidden'), 'true');
    const { width, height } = frame?.getBoundingClientRect() ?? {};
    assert.deepEqual([width, height], [0, 0]);
    const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(frame?.srcdoc ?? '') ?? [];
    assert.include(policy, "default-src 'none'");
    assert.include(policy, "connect-src 'none'");
    assert.notMatch(policy, /https?:|\*|'self'|'unsafe-eval'/);
    assert.isNull(frame?.contentDocument, 'the page cannot look in, so neither can it look out');
  });

  it('keeps its layout, and no place, under whatever rules the page has for frames', async () => {
    const sheet = document.createElement('style');
    sheet.textContent =
      'iframe { display: none !important; width: 300px !important; border: 9px solid !important; margin: 9px; }';
    document.head.append(sheet);
    const { scrollWidth, scrollHeight } = document.documentElement;
    workerHosts.push(await openCell());
    const frame = document.querySelector<HTMLIFrameElement>('iframe[title="Cloche"]');
    const boxes = [...(frame?.getClientRects() ?? [])].map(({ width, height }) => [width, height]);
    assert.deepEqual(boxes, [[0, 0]], 'a box that is there, and of no size');
    assert.deepEqual(
      [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
      [scrollWidth, scrollHeight],
    );
    sheet.remove();
  });

  it('U1: takes its port from its page once, and from nobody else', async () => {
    workerHosts.push(await openCell());
    const frame = document.querySelector<HTMLIFrameElement>('iframe[title="Cloche"]');
    const { port1, port2 } = new MessageChannel();
    let answered = false;
    port1.onmessage = () => {
      answered = true;
    };
    frame?.contentWindow?.postMessage({ type: 'CLOCHE_CELL', workerSource: '' }, '*', [port2]);
    await pause(100);
    assert.isFalse(answered);
  });
});

describe('the compartment', () => {
  afterEach(disposeAll);

  it('has no script, a policy that names nothing outside, and no place on the page', async () => {
    workerHosts.push(await openCompartment());
    const frame = document.querySelector<HTMLIFrameElement>('iframe[title="Cloche"]');
    assert.isTrue(frame?.hidden);
    assert.equal(frame?.getAttribute('aria-hidden'), 'true');
    const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(frame?.srcdoc ?? '') ?? [];
    assert.include(policy, "default-src 'none'");
    assert.include(policy, "connect-src 'none'");
    assert.notMatch(policy, /https?:|blob:|\*|'self'|'unsafe-(eval|inline)'/);
    assert.lengthOf(frame?.contentDocument?.scripts ?? [], 0);
  });

  it('gives its workers an origin that is nobody’s', async () => {
    const workerHost = await openCompartment("onmessage = () => postMessage(self.origin + ' ' + self.location.origin)");
    workerHosts.push(workerHost);
    const { port } = workerHost.spawn();
    const origin = await new Promise((resolve) => {
      port.onmessage = ({ data }) => resolve(data);
    });
    assert.equal(origin, 'null null');
  });

  it('keeps the text of its workers out of each line of a stack, where the engine takes a name for it', async () => {
    const workerHost = await openCompartment('onmessage = () => postMessage(new Error("x").stack)');
    workerHosts.push(workerHost);
    const { port } = workerHost.spawn();
    const stack = await new Promise<unknown>((resolve) => {
      port.onmessage = ({ data }) => resolve(data);
    });
    assert.include(stack, 'cloche-worker.js');
    assert.equal(String(stack).includes('data:'), engine.name === 'webkit');
  });
});
