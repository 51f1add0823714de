import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { PageLauncher } from '../runner/page-launcher.mjs';

/** @typedef {import('../runner/page-launcher.mjs').DrivenBrowser} DrivenBrowser */

/**
 * A launcher of browsers that answer, but for what is given, and what became of them.
 * @param {(nth: number) => Partial<DrivenBrowser>} faults
 */
function launcherOf(faults) {
  /** @type {{ opened: string[], killed: number[], said: string[] }} */
  const seen = { opened: [], killed: [], said: [] };
  let started = 0;
  const start = async () => {
    started += 1;
    const nth = started;
    return {
      open: async (/** @type {string} */ url) => {
        seen.opened.push(`${nth} ${url}`);
        return url;
      },
      close: async () => undefined,
      kill: async () => void seen.killed.push(nth),
      lastLines: [`line of ${nth}`],
      ended: undefined,
      ...faults(nth),
    };
  };
  mock.method(console, 'log', (/** @type {string} */ text) => void seen.said.push(text));
  return { launcher: new PageLauncher('Browser', start, 20), seen };
}

const never = () => new Promise(() => undefined);

describe('page launcher', () => {
  it('opens one page after another in one browser', async () => {
    const { launcher, seen } = launcherOf(() => ({}));
    for (const name of ['a', 'b']) {
      await launcher.startSession(name, `/${name}`);
      assert.ok(launcher.isActive(name));
      assert.deepEqual(await launcher.stopSession(name), {});
      assert.ok(!launcher.isActive(name));
    }
    assert.deepEqual(seen, { opened: ['1 /a', '1 /b'], killed: [], said: [] });
  });

  it('opens a page in another browser where the first one fails or does not answer', async () => {
    for (const open of [() => Promise.reject(new Error('gone')), never]) {
      const { launcher, seen } = launcherOf((nth) => (nth === 1 ? { open } : {}));
      await launcher.startSession('a', '/a');
      assert.deepEqual([seen.opened, seen.killed], [['2 /a'], [1]]);
    }
  });

  it('replaces a browser that does not close its page, and shows the last lines that it wrote', async () => {
    const { launcher, seen } = launcherOf(() => ({ close: never, ended: 'signal SIGSEGV' }));
    await launcher.startSession('a', '/a');
    await launcher.stopSession('a');
    await launcher.startSession('b', '/b');
    assert.deepEqual([seen.opened, seen.killed], [['1 /a', '2 /b'], [1]]);
    assert.match(seen.said.join('\n'), /Browser could not close a page: .*signal SIGSEGV.*\n.*line of 1/);
  });

  it('rejects when the second browser cannot open the page either', async () => {
    const { launcher } = launcherOf(() => ({ open: () => Promise.reject(new Error('gone')) }));
    await assert.rejects(launcher.startSession('a', '/a'), /gone/);
    assert.ok(!launcher.isActive('a'));
  });
});
