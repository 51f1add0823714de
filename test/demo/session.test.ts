import { assert } from 'chai';
import { verdict } from '../../demo/playground/call-report.ts';
import type { TakenAnswer } from '../../demo/playground/events.ts';
import type { Failure } from '../../demo/playground/failure.ts';
import { Session } from '../../demo/playground/session.ts';
import { until } from '../helpers/render.ts';
import { board, countVowels, EXAMPLES, exampleOf, loop, memoryBomb, notes, SCRIPTS } from './scripts.ts';
import { StandInHost, type StandInPlugin } from './stand-in.ts';

async function newSession(): Promise<Session> {
  const session = new Session(new StandInHost(SCRIPTS));
  await session.load(async () => EXAMPLES);
  return session;
}

/** After a file was dropped that brings the id of an installed example. */
async function withTaken(): Promise<{ session: Session; host: StandInHost }> {
  const host = new StandInHost(SCRIPTS);
  const session = new Session(host);
  await session.load(async () => EXAMPLES);
  await session.chooseExample(exampleOf(notes));
  await session.installFiles([new File([], 'notes.wasm')]);
  return { session, host };
}

/** The verdict on the shown plugin, with plain spaces. */
function shownVerdict(session: Session): string {
  const report = session.shown && session.reports.get(session.shown.id);
  return report ? verdict(report).replaceAll('\u00a0', ' ') : '';
}

describe('a session of the playground', () => {
  it('shows the first example already run', async () => {
    const session = await newSession();
    await session.showFirst();
    assert.equal(session.shown?.id, countVowels.id);
    assert.match(shownVerdict(session), /^Answered in /);
  });

  it('goes on without examples, and says why there are none', async () => {
    const session = new Session(new StandInHost(SCRIPTS));
    await session.load(() => Promise.reject(new Error('offline')));
    assert.equal(session.problem?.tried, 'Loading the examples');
    await session.installFiles([new File([], 'notes.wasm')]);
    assert.equal(session.shown?.id, notes.id);
    assert.isUndefined(session.problem);
  });

  it('shows how far a component is on its way to run, until it is there', async () => {
    const { session, host } = await withTaken();
    const detail = { plugin: 'x', done: 1, total: 9, bytes: 1_200_000 };
    session.addEventListener('change', () => {
      if (session.busy && !session.preparing) host.dispatchEvent(new CustomEvent('prepare', { detail }));
      else if (session.busy) seen.push(session.preparing);
    });
    const seen: unknown[] = [];
    await session.chooseExample(exampleOf(board));
    assert.deepEqual(seen[0], detail);
    assert.isUndefined(session.preparing);
  });

  it('keeps an installed example, and replaces one of another version', async () => {
    const session = await newSession();
    await session.chooseExample(exampleOf(notes));
    const first = session.shown;
    await session.chooseExample(exampleOf(notes));
    assert.strictEqual(session.shown, first);
    await session.chooseExample({ ...exampleOf(notes), version: '2.0.0' });
    assert.notStrictEqual(session.shown, first);
  });

  it('grants nothing to a dropped plugin before the user does', async () => {
    const session = await newSession();
    await session.installFiles([new File([], 'notes.wasm')]);
    assert.deepEqual(
      session.shown?.requests().map(({ granted }) => granted),
      [false],
    );
    await session.configure({ grant: 'manifest' });
    assert.deepEqual(
      session.shown?.requests().map(({ granted }) => granted),
      [true],
    );
  });

  it('asks what becomes of a plugin whose id a dropped one brings, and installs nothing before', async () => {
    const { session, host } = await withTaken();
    assert.deepInclude(session.taken, { id: notes.id, file: 'notes.wasm', free: `${notes.id}-2` });
    assert.isUndefined(session.problem);
    assert.lengthOf(host.installed, 1);
    await session.settle(undefined);
    assert.isUndefined(session.taken);
    assert.lengthOf(host.installed, 1);
  });

  const answers: [what: string, answer: TakenAnswer, options: object][] = [
    ['updates it, which keeps its grant', { replace: 'keep' }, { replace: 'keep' }],
    ['replaces it by one that may do nothing', { replace: 'wipe' }, { replace: 'wipe', grant: 'none' }],
    ['installs it beside that one, where it may do nothing', { id: 'mine' }, { id: 'mine', grant: 'none' }],
  ];
  for (const [what, answer, options] of answers) {
    it(`${what} when that is the answer`, async () => {
      const { session, host } = await withTaken();
      await session.settle(answer);
      assert.deepEqual(host.installed.at(-1), options);
      assert.equal(session.shown?.id, 'id' in answer ? answer.id : notes.id);
      assert.lengthOf(host.plugins, 'id' in answer ? 2 : 1);
    });
  }

  it('accepts the update that was shown, and dismisses one', async () => {
    const { session, host } = await withTaken();
    const plugin = host.get(notes.id);
    for (const answer of [() => session.accept('ab'), () => session.act('dismiss')]) {
      Object.assign(plugin ?? {}, { pending: { version: '2', sha256: 'ab', requests: [] } });
      await answer();
      assert.isUndefined(plugin?.pending);
    }
    assert.equal(plugin?.accepted, 'ab');
  });

  it('shows what could not be installed and keeps what was shown', async () => {
    const session = await newSession();
    await session.chooseExample(exampleOf(notes));
    await session.installFiles([new File([], 'broken.wasm')]);
    assert.equal(session.problem?.tried, 'Installing broken.wasm');
    assert.equal(session.problem?.failure.code, 'MODULE_REJECTED');
    assert.equal(session.shown?.id, notes.id);
    assert.isUndefined(session.busy);
  });

  it('lets the newest of two choices win', async () => {
    const session = await newSession();
    const first = session.chooseExample(exampleOf(notes));
    const second = session.chooseExample(exampleOf(countVowels));
    await Promise.all([first, second]);
    assert.equal(session.shown?.id, countVowels.id);
  });

  it('tells when a killed plugin is ready again, and that the page lived on', async () => {
    const session = await newSession();
    await session.chooseExample(exampleOf(loop));
    await session.run('spin', '');
    assert.match(shownVerdict(session), /^Killed at its deadline, after \d\S* m?s\. Ready again in \d\S* m?s\.$/);
    const report = session.reports.get(loop.id);
    // Firefox's timers may fire a millisecond early by its own clock.
    assert.isAtLeast(report?.elapsedMs ?? 0, 598);
    assert.isAbove(report?.frameTimes.frames ?? 0, 5);
  });

  it('reports a running call while it runs, and stops it when asked', async () => {
    const session = await newSession();
    await session.chooseExample(exampleOf(loop));
    const run = session.run('spin', '');
    await until(() => (session.reports.get(loop.id)?.elapsedMs ?? 0) > 100, 'a report after 100 ms');
    assert.isTrue(session.isRunning(loop.id));
    session.stop();
    await run;
    assert.match(shownVerdict(session), /^Stopped after /);
    assert.isFalse(session.isRunning(loop.id));
  });

  it('starts no second call of a plugin while one runs', async () => {
    const session = await newSession();
    await session.chooseExample(exampleOf(loop));
    const run = session.run('spin', '');
    await session.run('hello', '');
    assert.equal(session.shown?.stats.calls, 1);
    session.stop();
    await run;
  });

  it('says that a quarantined plugin is not ready', async () => {
    const host = new StandInHost([
      {
        id: 'bad',
        exports: {
          run: async ({ plugin, input }) => {
            plugin.state = 'quarantined';
            return memoryBomb.exports.grow?.({ plugin, input } as never) ?? '';
          },
        },
      },
    ]);
    const session = new Session(host);
    await session.installFiles([new File([], 'bad.wasm')]);
    await session.run('run', '');
    assert.match(shownVerdict(session), /Quarantined: it was killed too often\.$/);
  });

  it('collects the host calls of the call that makes them', async () => {
    const session = await newSession();
    await session.chooseExample(exampleOf(notes));
    await session.run('add', '');
    await session.run('add', '');
    assert.deepEqual(
      session.reports.get(notes.id)?.hostCalls.map(({ name }) => name),
      ['kv_read', 'kv_write'],
    );
  });

  it('forgets a removed plugin, with its data only when that was said', async () => {
    const session = await newSession();
    for (const [action, wipe] of [
      ['remove', false],
      ['wipe', true],
    ] as const) {
      await session.chooseExample(exampleOf(notes));
      const plugin = session.shown as StandInPlugin;
      await session.run('add', '');
      await session.act(action);
      assert.deepEqual(plugin.removal, { wipe });
      assert.isUndefined(session.shown);
      assert.isFalse(session.reports.has(notes.id));
      assert.lengthOf(session.host.plugins, 0);
    }
  });

  it('sends a request to the routes of the shown plugin', async () => {
    const session = await newSession();
    await session.installFiles([new File([], 'board.wasm')]);
    await session.request({ method: 'POST', path: '/cards?day=1', body: '{"title":"Säen"}' });
    const outcome = session.reports.get('board')?.outcome;
    assert.ok(outcome?.kind === 'answered' && outcome.response);
    assert.equal(outcome.response.status, 201);
    assert.deepInclude(outcome.response.headers, ['x-from', '<i>board</i>']);
    assert.deepEqual(JSON.parse(new TextDecoder().decode(outcome.output)), {
      at: '/api/plugins/board/cards',
      method: 'POST',
      body: '{"title":"Säen"}',
    });
    assert.match(shownVerdict(session), /^Answered 201 in /);
  });

  it('says what a body is by what it holds, and sends none with GET', async () => {
    const types: unknown[] = [];
    const answer = (request: Request): Response => {
      types.push(request.headers.get('Content-Type'));
      return new Response();
    };
    const host = new StandInHost([{ ...board, answer }]);
    const session = new Session(host);
    await session.installFiles([new File([], 'board.wasm')]);
    for (const body of ['[1]', 'just text', '']) await session.request({ method: 'POST', path: '/cards', body });
    await session.request({ method: 'GET', path: '/cards/1', body: '' });
    assert.deepEqual(types, ['application/json', 'text/plain; charset=utf-8', null, null]);
  });

  it('switches a plugin off and on', async () => {
    const session = await newSession();
    await session.chooseExample(exampleOf(notes));
    await session.act('disable');
    assert.equal(session.shown?.state, 'off');
    await session.act('enable');
    assert.notEqual(session.shown?.state, 'off');
  });

  it('keeps what it says of an error apart from the words of the plugin', async () => {
    const session = await newSession();
    await session.chooseExample(exampleOf(memoryBomb));
    await session.run('grow', '');
    const outcome = session.reports.get(memoryBomb.id)?.outcome;
    const failure: Failure | undefined = outcome?.kind === 'failed' ? outcome.failure : undefined;
    assert.equal(failure?.code, 'OUT_OF_MEMORY');
    assert.equal(failure?.detail, 'unreachable');
    assert.deepEqual(failure?.wasmStack, ['grow', 'fill']);
  });
});
