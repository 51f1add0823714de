import { assert } from 'chai';
import { verdict } from '../../demo/playground/call-report.ts';
import type { TakenAnswer } from '../../demo/playground/events.ts';
import { fetchExamples } from '../../demo/playground/examples.ts';
import { type Consent, Session } from '../../demo/playground/session.ts';
import type { Host, InstallOptions } from '../../src/index.ts';
import { closeHosts, existing, makeHost } from '../helpers/hosts.ts';
import { until } from '../helpers/render.ts';
import { ASKING, ECHO, exampleOf, filesOf, loopOf, type Made } from './plugins.ts';

afterEach(closeHosts);

/** Says yes, and allows nothing. */
class Yes implements Consent {
  readonly asked: InstallOptions[] = [];
  constructor(readonly host: Host) {}
  async install(...[source, options]: Parameters<Consent['install']>): Promise<{ id: string } | undefined> {
    this.asked.push(options);
    return this.host.install(source, { ...options, grant: 'none' });
  }
}

async function sessionOf(...shown: Made[]): Promise<{ session: Session; host: Host; yes: Yes }> {
  const host = await makeHost();
  const session = new Session(host);
  for (const made of shown) await session.chooseExample(await exampleOf(made));
  return { session, host, yes: new Yes(host) };
}

/** The verdict on the shown plugin, with plain spaces. */
function shownVerdict(session: Session): string {
  const report = session.shown && session.reports.get(session.shown.id);
  return report ? verdict(report).replaceAll('\u00a0', ' ') : '';
}

describe('a session of the playground', () => {
  it('goes on without examples, and says why there are none', async () => {
    const { session, yes } = await sessionOf();
    await session.load(() => Promise.reject(new Error('offline')));
    assert.equal(session.problem?.tried, 'Loading the examples');
    await session.installFiles(await filesOf(ECHO), yes);
    assert.equal(session.shown?.id, ECHO.id);
    assert.isUndefined(session.problem);
  });

  it('shows how far a component is on its way to run, until it is there, and nothing of those that are here', async () => {
    const { session, host } = await sessionOf(ECHO);
    const prepare = (plugin: string) =>
      host.dispatchEvent(new CustomEvent('prepare', { detail: { plugin, done: 1, total: 9, bytes: 1_200_000 } }));
    const seen: unknown[] = [];
    let isTold = false;
    session.addEventListener('change', () => {
      if (!session.busy || isTold) return;
      isTold = true;
      for (const plugin of [ECHO.id, 'made-up']) {
        prepare(plugin);
        seen.push(session.preparing?.plugin);
      }
    });
    await session.chooseExample(await exampleOf(ASKING));
    assert.deepEqual(seen, [undefined, 'made-up']);
    assert.isUndefined(session.preparing);
  });

  it('keeps an installed example, and replaces one of another version', async () => {
    const { session, host } = await sessionOf(ECHO);
    const changes: string[] = [];
    host.addEventListener('pluginchange', ({ change }) => changes.push(change));
    await session.chooseExample(await exampleOf(ECHO));
    assert.notInclude(changes, 'updated');
    await session.chooseExample({ ...(await exampleOf(ECHO)), version: '2.0.0' });
    assert.include(changes, 'updated');
  });

  it('shows a dropped plugin after a yes, and goes on with what was there after a no', async () => {
    const { session, host, yes } = await sessionOf(ECHO);
    await session.installFiles(await filesOf(ASKING), { install: async () => undefined });
    assert.equal(session.shown?.id, ECHO.id);
    assert.lengthOf(host.plugins, 1);
    await session.installFiles(await filesOf(ASKING), yes);
    assert.equal(session.shown?.id, ASKING.id);
    assert.isUndefined(session.busy);
  });

  it('asks what becomes of a plugin whose id a dropped one brings, and installs nothing before', async () => {
    const { session, yes } = await sessionOf(ASKING);
    await session.installFiles(await filesOf(ASKING), yes);
    assert.deepInclude(session.taken, { id: ASKING.id, file: 'notes.wasm and notes.json', free: `${ASKING.id}-2` });
    assert.isUndefined(session.problem);
    await session.settle(undefined, yes);
    assert.isUndefined(session.taken);
    assert.deepEqual(yes.asked, []);
  });

  const answers: [what: string, answer: TakenAnswer][] = [
    ['updates it', { replace: 'keep' }],
    ['replaces it', { replace: 'wipe' }],
    ['installs it beside that one', { id: 'mine' }],
  ];
  for (const [what, answer] of answers) {
    it(`${what} when that is the answer, after its consent`, async () => {
      const { session, host, yes } = await sessionOf(ASKING);
      await session.installFiles(await filesOf(ASKING), yes);
      await session.settle(answer, yes);
      assert.deepEqual(yes.asked, [answer]);
      assert.equal(session.shown?.id, 'id' in answer ? answer.id : ASKING.id);
      assert.lengthOf(host.plugins, 'id' in answer ? 2 : 1);
    });
  }

  it('shows what could not be installed and keeps what was shown', async () => {
    const { session, yes } = await sessionOf(ASKING);
    await session.installFiles([new File([], 'a'), new File([], 'b')], yes);
    assert.equal(session.problem?.tried, 'Installing a and b');
    assert.equal(session.problem?.failure.code, 'SOURCE_INVALID');
    assert.equal(session.shown?.id, ASKING.id);
    assert.isUndefined(session.busy);
  });

  it('lets the newest of two choices win', async () => {
    const { session } = await sessionOf();
    const examples = await Promise.all([exampleOf(ASKING), exampleOf(ECHO)]);
    await Promise.all(examples.map((example) => session.chooseExample(example)));
    assert.equal(session.shown?.id, ECHO.id);
  });

  it('reports a running call while it runs, starts no second, and stops it when asked', async () => {
    const { session } = await sessionOf(loopOf(10_000));
    const run = session.run('spin', '');
    await until(() => (session.reports.get('loop')?.elapsedMs ?? 0) > 100, 'a report after 100 ms');
    await session.run('echo', '');
    assert.isTrue(session.isRunning('loop'));
    session.stop();
    await run;
    assert.match(shownVerdict(session), /^Stopped after /);
    assert.isFalse(session.isRunning('loop'));
    assert.equal(session.shown?.stats.calls, 1);
  });

  it('says that a quarantined plugin is not ready', async () => {
    const { session } = await sessionOf(ECHO);
    Object.defineProperty(existing(session.shown), 'state', { value: 'quarantined' });
    await session.run('trap', '');
    assert.match(shownVerdict(session), /Quarantined: it was killed too often\.$/);
  });

  it('collects the host calls of the call that makes them', async () => {
    const { session } = await sessionOf();
    await session.load(() => fetchExamples(location.origin));
    const notes = session.examples.find(({ id }) => id === 'notes');
    assert.ok(notes);
    await session.chooseExample(notes);
    const names = (): string[] => session.reports.get('notes')?.hostCalls.map(({ name }) => name) ?? [];
    await session.run('add', 'Water the tomatoes');
    const first = names();
    assert.include(first, 'kv_update');
    await session.run('list', '');
    assert.isNotEmpty(names());
    assert.notInclude(names(), 'kv_update');
  });

  it('forgets a plugin that was removed, wherever that was', async () => {
    const { session } = await sessionOf(ECHO);
    await session.run('echo', 'x');
    await existing(session.shown).uninstall();
    assert.isUndefined(session.shown);
    assert.isFalse(session.reports.has(ECHO.id));
    assert.isFalse(session.facts.has(ECHO.id));
  });

  it('reads anew what an updated plugin exports', async () => {
    const { session, host } = await sessionOf(ECHO);
    const exported = (): string[] => {
      const facts = session.facts.get(ECHO.id);
      return facts?.kind === 'read' ? facts.exports.map(({ name }) => name) : [];
    };
    await until(() => exported().includes('say'), 'its exports');
    const { source } = await exampleOf({ ...ECHO, body: '(func (export "later"))' });
    await host.install(source, { replace: true });
    await until(() => exported().includes('later'), 'the new exports');
    assert.notInclude(exported(), 'say');
  });

  it('says what a body is by what it holds, and sends none with GET', async () => {
    const { session } = await sessionOf(ECHO);
    const types: unknown[] = [];
    const answer = async (url: URL, init: RequestInit): Promise<Response> => {
      types.push(new Request(url, init).headers.get('Content-Type'));
      return new Response('{}', { status: 201, headers: { 'X-From': '<i>echo</i>' } });
    };
    Object.assign(existing(session.shown), { fetch: answer });
    for (const body of ['[1]', 'just text', '']) await session.request({ method: 'POST', path: '/cards', body });
    await session.request({ method: 'GET', path: '/cards/1', body: '' });
    assert.deepEqual(types, ['application/json', 'text/plain; charset=utf-8', null, null]);
    const outcome = session.reports.get(ECHO.id)?.outcome;
    assert.ok(outcome?.kind === 'answered' && outcome.response);
    assert.deepInclude(outcome.response.headers, ['x-from', '<i>echo</i>']);
    assert.match(shownVerdict(session), /^Answered 201 in /);
  });

  it('keeps what it says of an error apart from the words of the plugin', async () => {
    const { session } = await sessionOf();
    await session.load(() => fetchExamples(location.origin));
    const bomb = session.examples.find(({ id }) => id === 'memory-bomb');
    assert.ok(bomb);
    await session.chooseExample(bomb);
    await session.run('bomb', '');
    const outcome = session.reports.get(bomb.id)?.outcome;
    assert.ok(outcome?.kind === 'failed');
    assert.equal(outcome.failure.code, 'OUT_OF_MEMORY');
    assert.equal(outcome.failure.detail, 'unreachable');
    assert.isNotEmpty(outcome.failure.wasmStack);
  });
});
