import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bisect } from '../../../src/bisect/bisect.ts';

class Plugin {
  readonly id: string;
  settings: { enabled: boolean; quarantined: boolean };

  constructor(id: string, enabled = true) {
    this.id = id;
    this.settings = { enabled, quarantined: false };
  }

  async enable(): Promise<void> {
    this.settings = { ...this.settings, enabled: true };
  }

  async disable(): Promise<void> {
    this.settings = { ...this.settings, enabled: false };
  }
}

function hostOf(count: number) {
  const plugins = Array.from({ length: count }, (_, at) => new Plugin(`p${at}`));
  return { plugins, get: (id: string) => plugins.find((plugin) => plugin.id === id) };
}

/** What is on. */
function onOf(host: ReturnType<typeof hostOf>): string[] {
  return host.plugins.filter(({ settings }) => settings.enabled).map(({ id }) => id);
}

/** Answers each question on a page of its own, until it is over. @returns how many there were */
async function search(host: ReturnType<typeof hostOf>, storage: string, breaks: (on: string[]) => boolean) {
  await (await Bisect.of(host, storage)).begin();
  for (let questions = 1; ; questions++) {
    const bisect = await Bisect.of(host, storage);
    const steps = bisect.state?.steps ?? 0;
    assert.ok(questions <= steps, `question ${questions} of ${steps}`);
    await bisect.answer(breaks(onOf(host)));
    if (bisect.state?.found !== undefined) return { bisect, questions };
  }
}

describe('the search for the plugin that breaks an app', () => {
  it('finds any one of them within log2(n) + 1 questions, a page each, and puts everything back', async () => {
    for (const count of [1, 2, 3, 5, 8, 100]) {
      for (const culprit of new Set([0, Math.floor(count / 2), count - 1])) {
        const host = hostOf(count);
        const id = `p${culprit}`;
        const { bisect, questions } = await search(host, `find-${count}-${culprit}`, (on) => on.includes(id));
        assert.equal(bisect.state?.found, id);
        assert.ok(questions <= Math.ceil(Math.log2(count)) + 1);
        await bisect.end({ keepOff: true });
        assert.equal(onOf(host).length, count - 1);
        assert.equal(host.get(id)?.settings.enabled, false);
      }
    }
  });

  it('finds nobody where no single plugin is it', async () => {
    const host = hostOf(9);
    const { bisect } = await search(host, 'nobody', () => true);
    assert.equal(bisect.state?.found, null);
    await bisect.end({ keepOff: true });
    assert.equal(onOf(host).length, 9);
  });

  it('touches none that was off or is quarantined', async () => {
    const host = hostOf(4);
    const [off, quarantined] = host.plugins;
    assert.ok(off && quarantined);
    off.settings = { enabled: false, quarantined: false };
    quarantined.settings = { enabled: true, quarantined: true };
    const bisect = await Bisect.of(host, 'untouched');
    await bisect.begin();
    assert.deepEqual(bisect.state?.suspects, ['p2', 'p3']);
    await bisect.end();
    assert.deepEqual([off.settings.enabled, quarantined.settings.quarantined], [false, true]);
  });

  it('refuses a second search, and an answer to nothing', async () => {
    const host = hostOf(2);
    const bisect = await Bisect.of(host, 'refuses');
    await assert.rejects(bisect.answer(true), { code: 'OPTION_INVALID' });
    await bisect.begin();
    await assert.rejects((await Bisect.of(host, 'refuses')).begin(), { code: 'OPTION_INVALID' });
  });

  it('is one for all tabs: one that has missed a step goes on from there, and switches nothing', async () => {
    const host = hostOf(4);
    const [first, second] = [await Bisect.of(host, 'tabs'), await Bisect.of(host, 'tabs')];
    await first.begin();
    await assert.rejects(second.begin(), { code: 'OPTION_INVALID' });
    assert.deepEqual(second.state, first.state);
    await first.answer(true);
    await assert.rejects(second.answer(true), { code: 'OPTION_INVALID' });
    assert.deepEqual(second.state, first.state);
    assert.deepEqual(onOf(host), ['p0', 'p2', 'p3']);
    await second.end();
    assert.equal(onOf(host).length, 4);
    await assert.rejects(first.answer(true), { code: 'OPTION_INVALID' });
    assert.equal(first.state, undefined);
    assert.equal(onOf(host).length, 4);
  });

  it('asks about what it has said, also where a page has died while it switched', async () => {
    const host = hostOf(4);
    const [, , third] = host.plugins;
    assert.ok(third);
    third.disable = () => Promise.reject(new Error('the page is gone'));
    await assert.rejects((await Bisect.of(host, 'died')).begin());
    assert.equal(onOf(host).length, 4);
    third.disable = () => Plugin.prototype.disable.call(third);
    const bisect = await Bisect.of(host, 'died');
    assert.deepEqual(bisect.state?.off, ['p2', 'p3']);
    assert.deepEqual(onOf(host), ['p0', 'p1']);
  });
});
