// H1, H2, H11, H13 and M11: what a worker that was taken over may post, and what comes of it.

import { assert } from 'chai';
import { type Endpoint, expose, wrap } from 'comlink';
import { LEASED_WRITE_BYTES } from '../../../src/runtime/wire/lease.ts';
import { type FilteredPort, filterPort, wireValues } from '../../../src/runtime/wire/message-filter.ts';
import type { HostAnswer, LogMessage } from '../../../src/runtime/wire/protocol.ts';
import { eventually, pause } from '../../helpers/hosts.ts';

const MAX_BYTES = 1_000;

interface Scene {
  /** The worker's end. */
  readonly worker: MessagePort;
  readonly violations: string[];
  readonly logs: LogMessage[];
  readonly blocking: unknown[];
  readonly oneWay: unknown[];
  readonly calls: { index: number; args: unknown[] }[];
  readonly answers: unknown[];
  readonly page: FilteredPort;
}

const scenes: MessagePort[] = [];
function stage(): Scene {
  const { port1, port2 } = new MessageChannel();
  scenes.push(port1, port2);
  const scene = { violations: [], logs: [], blocking: [], oneWay: [], calls: [], answers: [] } as Omit<
    Scene,
    'worker' | 'page'
  >;
  const page = filterPort(
    port1,
    { bytes: () => MAX_BYTES, logLength: () => MAX_BYTES },
    {
      log: (message) => scene.logs.push(message),
      hostCall(index, args) {
        scene.calls.push({ index, args: [...args] });
        if (index !== SILENT) page.answer({ ok: true, values: [index] });
      },
      blockingHostCall: (call) => scene.blocking.push(call),
      oneWayCall: (call) => scene.oneWay.push(call),
      moreOfAnswer: () => undefined,
      violation: (what) => scene.violations.push(what),
    },
  );
  port2.onmessage = ({ data }) => scene.answers.push(data);
  return { ...scene, worker: port2, page };
}

/** A host function that never answers. */
const SILENT = 7;

afterEach(() => {
  for (const port of scenes.splice(0)) port.close();
});

const raw = (value: unknown) => ({ type: 'RAW', value });
const hostCall = (index: unknown, args: unknown) => ({
  id: 'a',
  type: 'APPLY',
  path: ['hostCall'],
  argumentList: [raw(index), raw(args)],
});

describe('the filter lets pass', () => {
  it('a host call with its values, and its answer back', async () => {
    const { worker, calls, answers, violations } = stage();
    worker.postMessage(hostCall(3, [new Uint8Array([1, 2]), 5n, 0.5, null]));
    await eventually(() => answers.length === 1, 'an answer');
    assert.deepEqual(calls, [{ index: 3, args: [new Uint8Array([1, 2]), 5n, 0.5, null] }]);
    assert.deepInclude(answers[0], { id: 'a', type: 'RAW', value: { ok: true, values: [3] } });
    assert.isEmpty(violations);
  });

  it('the next host call once the first was answered', async () => {
    const { worker, calls, answers, violations } = stage();
    worker.postMessage(hostCall(1, []));
    await eventually(() => answers.length === 1, 'an answer');
    worker.postMessage(hostCall(2, []));
    await eventually(() => answers.length === 2, 'another');
    assert.deepEqual(
      calls.map(({ index }) => index),
      [1, 2],
    );
    assert.isEmpty(violations);
  });

  it('H11: no second host call before that, in either form', async () => {
    for (const second of [hostCall(2, []), { type: 'HOST_CALL', index: 2, args: [] }]) {
      const { worker, calls, violations } = stage();
      worker.postMessage(hostCall(SILENT, []));
      worker.postMessage(second);
      await eventually(() => violations.length === 1, 'a violation');
      assert.match(violations[0] ?? '', /second host call/);
      assert.lengthOf(calls, 1);
    }
  });

  it('the answer to a call that is pending', async () => {
    const { worker, page, answers } = stage();
    const answer = page.call('start', 'please');
    await eventually(() => answers.length === 1, 'the call');
    const { id } = answers[0] as { id: string };
    worker.postMessage({ id, type: 'RAW', value: 42, junk: { __proto__: null } });
    assert.equal(await answer, 42);
  });

  it('log lines, copied: what hangs on them does not come along', async () => {
    const { worker, logs } = stage();
    worker.postMessage({ type: 'LOG', level: 'info', source: 'plugin', text: 'hello', extra: new Uint8Array(9) });
    await eventually(() => logs.length === 1, 'the line');
    assert.deepEqual(logs, [{ type: 'LOG', level: 'info', source: 'plugin', text: 'hello' }]);
  });

  it('a blocking host call', async () => {
    const { worker, blocking } = stage();
    worker.postMessage({ type: 'HOST_CALL', index: 1, args: [1n], extra: 1 });
    await eventually(() => blocking.length === 1, 'the call');
    assert.deepEqual(blocking, [{ type: 'HOST_CALL', index: 1, args: [1n] }]);
  });
});

describe('H21: the filter lets a host call pass that the worker has answered itself', () => {
  const LEASE: HostAnswer = { ok: true, values: [null, new Uint8Array(8)] };
  const ONE_WAY = { type: 'ONE_WAY', index: 1, args: [new Uint8Array([1])], answer: 0n };

  it('under a lease', async () => {
    const { worker, page, oneWay, violations } = stage();
    page.leased(LEASE);
    worker.postMessage({ ...ONE_WAY, extra: 1 });
    await eventually(() => oneWay.length === 1, 'the call');
    assert.deepEqual(oneWay, [ONE_WAY]);
    assert.isEmpty(violations);
  });

  const ENDS: [when: string, end: (scene: Scene) => unknown][] = [
    [
      'once another was answered by the page',
      async ({ worker, answers }) => {
        worker.postMessage(hostCall(3, []));
        await eventually(() => answers.length === 1, 'an answer');
      },
    ],
    [
      'once another that blocks was answered by the page',
      async ({ worker, blocking, page }) => {
        worker.postMessage({ type: 'HOST_CALL', index: 1, args: [] });
        await eventually(() => blocking.length === 1, 'the call');
        page.answered();
      },
    ],
    [
      'while another waits for the page, whatever that leases to it',
      async ({ worker, calls, page }) => {
        worker.postMessage(hostCall(SILENT, []));
        await eventually(() => calls.length === 1, 'the call');
        page.leased(LEASE);
      },
    ],
    [
      'in the next call of its guest',
      async ({ worker, page, answers }) => {
        const answer = page.call('call', 'first');
        await eventually(() => answers.length === 1, 'the call');
        const { id } = answers[0] as { id: string };
        worker.postMessage({ id, ...raw(1) });
        await answer;
        page.call('call', 'second').catch(() => undefined);
      },
    ],
  ];
  const LARGEST: [what: string, largest: object, larger: object][] = [
    ['an answer', { answer: new Uint8Array(1_024) }, { answer: new Uint8Array(1_025) }],
    ['arguments', { args: [new Uint8Array(LEASED_WRITE_BYTES - 1)] }, { args: [new Uint8Array(2)] }],
  ];
  for (const [what, largest, larger] of LARGEST) {
    it(`M11: with ${what} as large as that may be, and then none that is larger`, async () => {
      const { worker, page, oneWay, violations } = stage();
      page.leased(LEASE);
      worker.postMessage({ ...ONE_WAY, args: [], ...largest });
      worker.postMessage({ ...ONE_WAY, args: [], ...larger });
      await eventually(() => violations.length > 0 || oneWay.length > 1, 'a violation');
      assert.lengthOf(oneWay, 1);
      assert.match(violations[0] ?? '', /nothing was leased/);
    });
  }

  for (const [when, end] of ENDS) {
    it(`not ${when}`, async () => {
      const scene = stage();
      scene.page.leased(LEASE);
      await end(scene);
      scene.worker.postMessage(ONE_WAY);
      await eventually(() => scene.violations.length + scene.oneWay.length > 0, 'a violation');
      assert.isEmpty(scene.oneWay);
      assert.match(scene.violations[0] ?? '', /nothing was leased/);
    });
  }
});

const POLLUTE = ['__proto__', 'polluted'];
const manyArguments = new Array<null>(65).fill(null);

/** Every form of message that Comlink knows, and others, in ways that our own worker never uses. */
const ATTACKS: [id: string, attack: string, message: unknown, transfer?: 'port'][] = [
  ['H1', 'GET of the api', { id: 'a', type: 'GET', path: [] }],
  ['H1', 'GET of the host function', { id: 'a', type: 'GET', path: ['hostCall'] }],
  ['H1', 'SET through __proto__', { id: 'a', type: 'SET', path: POLLUTE, value: raw('yes') }],
  ['H1', 'SET of the host function', { id: 'a', type: 'SET', path: ['hostCall'], value: raw(1) }],
  ['H1', 'CONSTRUCT', { id: 'a', type: 'CONSTRUCT', path: ['hostCall'], argumentList: [] }],
  [
    'H1',
    'CONSTRUCT of Function',
    { id: 'a', type: 'CONSTRUCT', path: ['hostCall', 'constructor'], argumentList: [raw('1')] },
  ],
  ['H1', 'ENDPOINT', { id: 'a', type: 'ENDPOINT', path: [] }],
  ['H1', 'RELEASE', { id: 'a', type: 'RELEASE', path: [] }],
  ['H1', 'APPLY of hostCall.constructor', { ...hostCall(0, []), path: ['hostCall', 'constructor'] }],
  ['H1', 'APPLY of hostCall.call', { ...hostCall(0, []), path: ['hostCall', 'call'] }],
  ['H1', 'APPLY of __proto__.toString', { ...hostCall(0, []), path: ['__proto__', 'toString'] }],
  ['H1', 'APPLY of toString', { ...hostCall(0, []), path: ['toString'] }],
  ['H1', 'APPLY of nothing', { ...hostCall(0, []), path: [] }],
  ['H1', 'APPLY with a path that is text', { ...hostCall(0, []), path: 'hostCall' }],
  ['H1', 'APPLY with a path that looks like a list', { ...hostCall(0, []), path: { 0: 'hostCall', length: 1 } }],
  ['H1', 'APPLY without an id', { ...hostCall(0, []), id: undefined }],
  ['H1', 'APPLY with an id of 101 characters', { ...hostCall(0, []), id: 'x'.repeat(101) }],
  ['H1', 'APPLY with three arguments', { ...hostCall(0, []), argumentList: [raw(0), raw([]), raw(0)] }],
  ['H1', 'APPLY with one argument', { ...hostCall(0, []), argumentList: [raw(0)] }],
  [
    'H2',
    'a HANDLER argument',
    {
      ...hostCall(0, []),
      argumentList: [raw(0), { type: 'HANDLER', name: 'throw', value: { isError: true, value: {} } }],
    },
  ],
  [
    'H2',
    'a proxied port as HANDLER argument',
    { ...hostCall(0, []), argumentList: [raw(0), { type: 'HANDLER', name: 'proxy' }] },
    'port',
  ],
  ['H2', 'a port beside a good message', hostCall(0, []), 'port'],
  [
    'H2',
    'a HANDLER answer',
    { id: 'a', type: 'HANDLER', name: 'throw', value: { isError: true, value: { message: 'x' } } },
  ],
  ['H7', 'index -1', hostCall(-1, [])],
  ['H7', 'index 0.5', hostCall(0.5, [])],
  ['H7', 'index NaN', hostCall(Number.NaN, [])],
  ['H7', 'index as text', hostCall('0', [])],
  ['H7', 'index 2^53', hostCall(2 ** 53, [])],
  ['H7', 'values that are not a list', hostCall(0, { length: 1 })],
  ['H7', '65 values', hostCall(0, manyArguments)],
  ['H7', 'an object as value', hostCall(0, [{}])],
  ['H7', 'text as value', hostCall(0, ['x'])],
  ['H7', 'undefined as value', hostCall(0, [undefined])],
  ['H7', 'another view as value', hostCall(0, [new Uint16Array(1)])],
  ['H7', 'a buffer as value', hostCall(0, [new ArrayBuffer(1)])],
  ['H7', 'a map as value', hostCall(0, [new Map()])],
  ['H19', 'an i64 of 65 bits', hostCall(0, [2n ** 64n])],
  ['H19', 'an i64 below those with a sign', hostCall(0, [-(2n ** 63n) - 1n])],
  ['H19', 'an integer of a million bits, which takes the page minutes to print', hostCall(0, [1n << 1_000_000n])],
  ['M11', 'a value over the cap', hostCall(0, [new Uint8Array(MAX_BYTES + 1)])],
  ['M11', 'values that are over the cap together', hostCall(0, [new Uint8Array(600), new Uint8Array(600)])],
  ['M11', 'a small view of a large buffer', hostCall(0, [new Uint8Array(new ArrayBuffer(MAX_BYTES + 1), 0, 1)])],
  ['M11', 'a log line over the cap', { type: 'LOG', level: 'info', source: 'plugin', text: 'x'.repeat(MAX_BYTES + 1) }],
  ['H12', 'a log line of level "constructor"', { type: 'LOG', level: 'constructor', source: 'plugin', text: '' }],
  ['H12', 'a log line of the host', { type: 'LOG', level: 'info', source: 'host', text: '' }],
  ['H12', 'a log line that is not a string', { type: 'LOG', level: 'info', source: 'plugin', text: {} }],
  ['H13', 'an answer that nobody waits for', { id: 'guessed', type: 'RAW', value: 1 }],
  ['H13', 'an answer without an id', { type: 'RAW', value: 1 }],
  ['H13', 'an answer to __proto__', { id: '__proto__', type: 'RAW', value: 1 }],
  ['H1', 'a blocking call without values', { type: 'HOST_CALL', index: 0 }],
  ['H1', 'a type that is nothing', { type: 'constructor' }],
  ['H1', 'a type that is an object', { type: { toString: 'RAW' } }],
  ['H1', 'no type', {}],
  ['H1', 'null', null],
  ['H1', 'text', 'RAW'],
  ['H1', 'a list', ['RAW']],
];

describe('the filter ends the worker, once and for all, for', () => {
  for (const [id, attack, message, transfer] of ATTACKS) {
    it(`${id}: ${attack}`, async () => {
      const { worker, violations, calls, logs, blocking, answers } = stage();
      worker.postMessage(message, transfer === 'port' ? [new MessageChannel().port1] : []);
      worker.postMessage(hostCall(0, []));
      worker.postMessage({ type: 'LOG', level: 'info', source: 'plugin', text: 'after' });
      await eventually(() => violations.length > 0, 'a violation');
      await pause(5);
      assert.lengthOf(violations, 1);
      assert.isEmpty([...calls, ...logs, ...blocking, ...answers], 'nothing came through, then or later');
      assert.notProperty({}, 'polluted');
    });
  }

  it('H13: a second answer to the same call', async () => {
    const { worker, page, answers, violations } = stage();
    const answer = page.call('start', 1);
    await eventually(() => answers.length === 1, 'the call');
    const { id } = answers[0] as { id: string };
    for (const value of [1, 2]) worker.postMessage({ id, type: 'RAW', value });
    assert.equal(await answer, 1);
    await eventually(() => violations.length === 1, 'a violation');
  });

  it('H7: bytes in memory that somebody else can still write to', () => {
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    assert.isUndefined(wireValues([new Uint8Array(buffer, 0, 8)], 1 << 20));
  });
});

describe('H11: a flood', () => {
  it('of log lines is cut off long before its end', async () => {
    const { worker, violations, logs } = stage();
    const source = `onmessage = ({ ports: [port] }) => {
      for (let i = 0; i < 50_000; i++) port.postMessage({ type: 'LOG', level: 'info', source: 'plugin', text: 'flood' });
    }`;
    const url = URL.createObjectURL(new Blob([source]));
    const flooder = new Worker(url);
    flooder.postMessage(null, [worker]);
    await eventually(() => violations.length === 1, 'a violation', 10_000);
    flooder.terminate();
    URL.revokeObjectURL(url);
    assert.match(violations[0] ?? '', /more messages/);
    // The burst, and what a second or two allow on a slow machine.
    assert.isBelow(logs.length, 25_000);
  });

  it('of host calls is answered at the pace of others, and ends nobody', async () => {
    const { worker, violations, calls } = stage();
    const now = performance.now.bind(performance);
    const began = now();
    // No time passes, so that the burst is all that there is.
    performance.now = () => began;
    try {
      worker.onmessage = () => worker.postMessage(hostCall(1, []));
      worker.postMessage(hostCall(1, []));
      await eventually(() => calls.length >= 2_500, 'the burst');
      await pause(50);
      // Timers take a millisecond more for passed, since engines round their clocks.
      assert.isBelow(calls.length, 2_520);
    } finally {
      Reflect.deleteProperty(performance, 'now');
    }
    await eventually(() => calls.length > 2_600, 'the next');
    worker.onmessage = null;
    assert.isEmpty(violations);
  });

  it('at an ordinary pace is none', async () => {
    const { worker, violations, logs } = stage();
    for (let i = 0; i < 1_000; i++) worker.postMessage({ type: 'LOG', level: 'info', source: 'plugin', text: `${i}` });
    await eventually(() => logs.length === 1_000, 'all lines');
    assert.isEmpty(violations);
  });
});

/** The same attacks where nothing filters: should these ever fail, the tests above prove nothing. */
describe('without the filter', () => {
  function unguarded(): { attacker: MessagePort; answers: unknown[] } {
    const { port1, port2 } = new MessageChannel();
    scenes.push(port1, port2);
    expose({ hostCall: async (index: number) => ({ ok: true, values: [index] }) }, port1);
    const answers: unknown[] = [];
    port2.addEventListener('message', ({ data }) => answers.push(data));
    port2.start();
    return { attacker: port2, answers };
  }

  it('H1: SET pollutes Object.prototype', async () => {
    const { attacker, answers } = unguarded();
    attacker.postMessage({ id: 'a', type: 'SET', path: POLLUTE, value: raw('yes') });
    await eventually(() => answers.length === 1, 'an answer');
    const polluted = 'polluted' in {};
    Reflect.deleteProperty(Object.prototype, 'polluted');
    assert.isTrue(polluted);
  });

  it('H1, H2: CONSTRUCT of Function hands out a port that runs code in this realm', async () => {
    const { attacker } = unguarded();
    type Maker = { hostCall: { constructor: new (code: string) => Promise<() => Promise<unknown>> } };
    const remote = wrap(attacker as Endpoint) as unknown as Maker;
    const run = await new remote.hostCall.constructor('globalThis.owned = true');
    await run();
    const owned = 'owned' in globalThis;
    Reflect.deleteProperty(globalThis, 'owned');
    assert.isTrue(owned);
  });

  it('H13: an answer with a known id is believed, whoever sent it', async () => {
    const { port1, port2 } = new MessageChannel();
    scenes.push(port1, port2);
    const remote = wrap<{ start(): Promise<unknown> }>(port1);
    port2.onmessage = ({ data }) => port2.postMessage({ id: data.id, type: 'RAW', value: 'forged' });
    assert.equal(await remote.start(), 'forged');
  });
});
