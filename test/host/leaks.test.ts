// H18: whatever a plugin's life opens is closed when it ends, whichever way it ends. An action a line.

import { assert } from 'chai';
import type { ClocheExtension } from '../../src/elements/extension/extension.ts';
import { createHost, type Host, type Plugin } from '../../src/index.ts';
import { SPARES } from '../../src/runtime/sandbox-supply.ts';
import '../../src/elements/extension/extension.ts';
import { ECHO, pagesOf, StandInExtensionHost, plugin as scripted } from '../elements/extension-stand-in.ts';
import { hijack, page, stage } from '../frames/stage.ts';
import { engine } from '../helpers/engine.ts';
import { guest } from '../helpers/guests.ts';
import { eventually, pause, uniqueStorage } from '../helpers/hosts.ts';
import { countOpenResources, type OpenResources, openResources } from '../helpers/open-resources.ts';
import { until } from '../helpers/render.ts';
import { wat } from '../helpers/wat.ts';
import { windshiftZip } from '../helpers/windshift.ts';

interface Action {
  readonly name: string;
  readonly rounds: number;
  /** How many go on at the same time. @default 1 */
  readonly atOnce?: number;
  run(scene: Scene, round: number): Promise<unknown>;
}

interface Scene {
  readonly host: Host;
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** One that lives through all actions. */
  readonly plugin: Plugin;
}

/**
 * What each round leaves over shows after two of them, since counts are compared and not sizes. What one in many leaves over,
 * where several of them meet, is looked for in one engine: starting a worker takes most of the time.
 */
const MANY = engine.name === 'firefox' ? 80 : 8;

const ACTIONS: readonly Action[] = [
  { name: 'calls', rounds: 100, run: ({ plugin }) => plugin.call('echo', 'x') },
  { name: 'calls that are ended in their middle', rounds: 10, run: endedCall },
  // Next, as what spins in Chromium goes with its frame.
  { name: 'frames that the page has removed', rounds: 2, run: removedFrame },
  { name: 'resets and starts', rounds: 4, run: resetAndCall },
  { name: 'lives of open, call and close', rounds: MANY, atOnce: 4, run: lifeByHand },
  { name: 'lives that `await using` ends', rounds: 4, atOnce: 2, run: lifeInScope },
  { name: 'starts that fail', rounds: 6, atOnce: 2, run: failedStart },
  { name: 'hosts', rounds: 4, run: hostByHand },
  { name: 'hosts that `await using` ends', rounds: 2, run: hostInScope },
  { name: 'hosts with a schedule, which one tab of all runs', rounds: 2, run: hostWithSchedule },
  { name: 'hosts with an audit and a blocklist', rounds: 2, run: hostWithTrust },
  { name: 'pages of a plugin that are closed', rounds: 3, run: closedPage },
  { name: 'pages of a plugin that end by themselves', rounds: 2, run: brokenPage },
  { name: 'elements with a page', rounds: 2, run: removedElement },
];

interface Counts extends OpenResources {
  readonly workers: number;
}

countOpenResources();

async function counts(host?: Host): Promise<Counts> {
  // Spares come when there is time for them; one that is let go of and lives on counts as a plugin's.
  const workers = (await host?.population())?.plugins ?? 0;
  return { workers, ...(await openResources()) };
}

async function roundsOf({ rounds, atOnce = 1, run }: Action, scene: Scene): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < rounds) await run(scene, next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/** One host for all: what an action leaves over is there at the end as well. */
describe('H18: nothing is left over', function () {
  this.timeout(120_000);
  let host: Host;
  let wasm: Uint8Array<ArrayBuffer>;
  let plugin: Plugin;
  let untouched: Counts;
  let baseline: Counts;
  /** All but timers: the one of all deadlines and the one that fills up spares run for a second more. */
  let atOnce: Partial<Counts>;
  /** How many timers there were after each action, to find the one whose timers stay. */
  const timers: string[] = [];

  before(async () => {
    wasm = await guest();
    untouched = await counts();
    const generous = { busyMsPerMinute: 60_000, startTimeoutMs: 60_000 };
    host = await createHost({ storage: uniqueStorage(), live: 60, limits: generous });
    plugin = await host.open(wasm, { id: 'lasting' });
    await plugin.call('echo', 'x');
    await allSpares();
    baseline = await counts(host);
    const { timers: _, ...others } = baseline;
    atOnce = others;
  });
  after(() => host.close());

  const allSpares = (): Promise<void> =>
    eventually(async () => (await host.population()).spares === SPARES, 'the spares');

  /** Says what is too many, rather than that something is. */
  async function backAt(wanted: Partial<Counts>, of?: Host): Promise<void> {
    let now = await counts(of);
    const isBack = async (): Promise<boolean> => {
      now = await counts(of);
      return Object.entries(wanted).every(([name, count]) => now[name as keyof Counts] <= count);
    };
    await eventually(isBack, 'what is open to be as before', 15_000).catch(() =>
      assert.equal(JSON.stringify(now), JSON.stringify(wanted), timers.join(', ')),
    );
  }

  for (const action of ACTIONS) {
    it(`after ${action.rounds} ${action.name}`, async () => {
      await roundsOf(action, { host, wasm, plugin });
      assert.deepEqual(host.plugins, [plugin]);
      await backAt(atOnce, host);
      timers.push(`${(await openResources()).timers} after ${action.name}`);
    });
  }

  it('while calls are made', async () => {
    for (let i = 0; i < 100; i++) await plugin.call('echo', 'x');
    await backAt(atOnce, host);
  });

  it('lets go of the outputs of earlier calls', async () => {
    const large = await host.open(wasm, { id: 'large' });
    const outputs: WeakRef<Uint8Array>[] = [];
    const call = async (): Promise<WeakRef<Uint8Array>> =>
      new WeakRef((await large.call('echo', new Uint8Array(1 << 20))).bytes());
    for (let i = 0; i < 20; i++) outputs.push(await call());
    await eventually(
      async () => {
        // Nothing here may ask for a collection, so there has to be a reason for one.
        for (let i = 0; i < 20; i++) await call();
        return outputs.filter((ref) => ref.deref() !== undefined).length <= 10;
      },
      'outputs of earlier calls to be collected',
      60_000,
    );
    await large.close();
  });

  it('a moment after all of that, not even a timer', async () => {
    await allSpares();
    await backAt(baseline, host);
  });

  it('when the host is closed', async () => {
    await host.close();
    await backAt(untouched);
  });
});

/** A spinning thread costs Chromium 2 s each, so all but one wait in the queue, or start, when they are ended. */
async function endedCall({ plugin }: Scene, round: number): Promise<void> {
  const spins = round === 0;
  const controller = new AbortController();
  const call = plugin.call(spins ? 'spin' : 'echo', 'x', { signal: controller.signal });
  if (spins) await pause(20);
  controller.abort();
  await call.then(
    () => assert.fail('it was not ended'),
    (thrown: { code: string }) => assert.equal(thrown.code, 'ABORTED'),
  );
}

async function resetAndCall({ plugin }: Scene): Promise<void> {
  await plugin.reset();
  await plugin.call('echo', 'x');
}

async function lifeByHand({ host, wasm }: Scene, round: number): Promise<void> {
  const plugin = await host.open(wasm, { id: `p${round}` });
  await plugin.call('echo', 'x');
  await plugin.close();
}

async function lifeInScope({ host, wasm }: Scene, round: number): Promise<void> {
  let ended: Plugin;
  {
    await using plugin = await host.open(wasm, { id: `p${round}` });
    await plugin.call('echo', 'x');
    ended = plugin;
  }
  assert.equal(ended.state, 'closed');
}

async function failedStart({ host }: Scene, round: number): Promise<void> {
  const [text, wanted] =
    round % 2 === 0
      ? ['(module (func $f unreachable) (start $f))', 'START_FAILED']
      : ['(module (import "a" "b" (func)))', 'IMPORT_MISSING'];
  await host.open(await wat(text), { id: `p${round}` }).then(
    () => assert.fail('it started'),
    ({ code }: { code: string }) => assert.equal(code, wanted),
  );
}

async function removedFrame({ plugin }: Scene): Promise<void> {
  await plugin.call('echo', 'x');
  for (const frame of document.querySelectorAll('iframe[title="Cloche"]')) frame.remove();
  await plugin.call('echo', 'x');
}

async function hostByHand({ wasm }: Scene, round: number): Promise<void> {
  const other = await createHost({ storage: uniqueStorage() });
  if (round % 4 === 0) await (await other.open(wasm, { id: 'p' })).call('echo', 'x');
  await other.close();
  assert.deepEqual(await other.population(), { plugins: 0, spares: 0 });
}

async function hostWithTrust({ wasm }: Scene): Promise<void> {
  const trust = { blocklist: '/test/fixtures/trust/blocklist.json' };
  await using other = await createHost({ storage: uniqueStorage(), audit: true, trust });
  await other.open(wasm, { id: 'p' });
}

async function hostInScope({ wasm }: Scene): Promise<void> {
  let ended: Host;
  {
    await using other = await createHost({ storage: uniqueStorage() });
    await (await other.open(wasm, { id: 'p' })).call('echo', 'x');
    ended = other;
  }
  assert.deepEqual(await ended.population(), { plugins: 0, spares: 0 });
}

async function hostWithSchedule({ wasm }: Scene): Promise<void> {
  await using other = await createHost({ storage: uniqueStorage() });
  const schedules = [{ id: 'tidy', every: '1m', handler: 'echo' }];
  await other.install(await windshiftZip({ name: 'scheduled', schedules }, {}, wasm));
  await eventually(async () => (await openResources()).locks > 0, 'a tab that leads');
}

async function closedPage(): Promise<void> {
  const { frame, message } = await stage({ 'index.html': page('say("ready", 1)') });
  using _closed = frame;
  await message('ready');
}

async function brokenPage(): Promise<void> {
  const { failure } = await stage({ 'index.html': hijack('port.postMessage("nonsense");') });
  await failure();
}

async function removedElement(): Promise<void> {
  const element: ClocheExtension = document.createElement('cloche-extension');
  Object.assign(element, { point: 'admin.tab', host: new StandInExtensionHost([scripted(ECHO)]) });
  document.body.append(element);
  await until(() => pagesOf(element).length > 0, 'a page');
  await until(() => pagesOf(element)[0]?.shadowRoot?.querySelector('iframe') != null, 'its frame');
  element.remove();
}
