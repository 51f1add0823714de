import { assert } from 'chai';
import { page } from '../../src/dialects/windshift/page/page.ts';
import { Bridge, type BridgeSurface } from '../../src/elements/extension/bridge/bridge.ts';
import { type PickUser, UserPicking } from '../../src/elements/extension/bridge/user-picking.ts';
import type { Theme } from '../../src/elements/extension/theme/theme.ts';
import type { Answer } from '../../src/manifest/page-messages.ts';

const THEME: Theme = { variables: { '--ds-surface': '#fff' }, colorScheme: 'light' };
const UPDATE: object = { type: 'host:themeUpdate', ...THEME };

interface Stage {
  readonly bridge: Bridge;
  readonly sent: object[];
  /** What was asked of the host, by name. */
  readonly acts: string[];
  answer: ((answer: Answer) => void) | undefined;
  picked: ((user: object) => void) | undefined;
}

function stage(): Stage {
  const sent: object[] = [];
  const acts: string[] = [];
  const surface: BridgeSurface = {
    send: (message) => sent.push(message),
    ready: () => acts.push('ready'),
    resize: (height) => acts.push(`resize ${height}`),
    ask: (question, answer) => {
      acts.push(`ask ${question.id}`);
      all.answer = answer;
    },
    toast: ({ message }) => acts.push(`toast ${message}`),
    pickUser: (currentUserId, picked) => {
      acts.push(`pick ${currentUserId}`);
      all.picked = picked;
    },
    theme: () => THEME,
    other: ({ type }) => acts.push(`other ${type}`),
  };
  const all: Stage = { bridge: new Bridge(surface, page), sent, acts, answer: undefined, picked: undefined };
  return all;
}

describe('the UI bridge', () => {
  /** Request of the page, what the host does, and what it sends at once. */
  const TABLE: [object, string[], object[]][] = [
    [{ type: 'plugin:ready' }, ['ready'], [UPDATE]],
    [{ type: 'plugin:getTheme' }, [], [UPDATE]],
    [{ type: 'plugin:resize', height: 480 }, ['resize 480'], []],
    [{ type: 'plugin:resize', height: '480' }, [], []],
    [{ type: 'plugin:showModal', id: 'm' }, ['ask m'], []],
    [{ type: 'plugin:showConfirm', id: 'c' }, ['ask c'], []],
    [{ type: 'plugin:showToast', message: 'Saved' }, ['toast Saved'], []],
    [{ type: 'plugin:showUserPicker', currentUserId: 3 }, ['pick 3'], []],
    [{ type: 'acme:hello' }, ['other acme:hello'], []],
    [{ message: 'no type' }, [], []],
  ];

  for (const [request, acts, sent] of TABLE) {
    it(`hears ${JSON.stringify(request)}`, () => {
      const { bridge, ...heard } = stage();
      bridge.receive(request);
      assert.deepEqual(heard.acts, acts);
      assert.deepEqual(heard.sent, sent);
    });
  }

  for (const [request, answer] of [
    [{ type: 'plugin:showConfirm', id: 'c-1' }, 'confirm'],
    [{ type: 'plugin:showConfirm', id: 'c-2' }, 'cancel'],
    [{ type: 'plugin:showConfirm', id: 'c-3' }, null],
    [{ type: 'plugin:showModal', id: 'm-1' }, null],
  ] as const) {
    it(`answers ${request.id} with ${answer}`, () => {
      const asked = stage();
      asked.bridge.receive(request);
      asked.answer?.(answer);
      assert.deepEqual(asked.sent, [{ type: 'host:modalResult', id: request.id, result: answer }]);
    });
  }

  it('sends the user who was picked', () => {
    const asked = stage();
    asked.bridge.receive({ type: 'plugin:showUserPicker' });
    asked.picked?.({ id: 4, name: 'Ada' });
    assert.deepEqual(asked.sent, [{ type: 'host:userPickerResult', user: { id: 4, name: 'Ada' } }]);
  });

  it('sends the theme for each ready, and with each change from then on', () => {
    const { bridge, sent } = stage();
    bridge.themeChanged();
    assert.deepEqual(sent, []);
    bridge.receive({ type: 'plugin:ready' });
    bridge.receive({ type: 'plugin:ready' });
    bridge.themeChanged();
    assert.deepEqual(sent, [UPDATE, UPDATE, UPDATE]);
  });
});

describe('picking a user', () => {
  const asking = (pickUser: PickUser) => {
    const picking = new UserPicking('standup');
    const users: object[] = [];
    return { picking, users, ask: () => picking.ask(pickUser, 7, (user) => users.push(user)) };
  };

  it('names the plugin and the present user to the host app', async () => {
    const requests: unknown[] = [];
    const { ask, users } = asking(async ({ plugin, currentUserId }) => {
      requests.push([plugin, currentUserId]);
      return { id: 8 };
    });
    await ask();
    assert.deepEqual(requests, [['standup', 7]]);
    assert.deepEqual(users, [{ id: 8 }]);
  });

  it('says nothing when nobody was picked', async () => {
    const { ask, users } = asking(async () => undefined);
    await ask();
    assert.isEmpty(users);
  });

  it('opens one picker at a time, and another one afterwards', async () => {
    let opened = 0;
    const { promise, resolve } = Promise.withResolvers<object>();
    const { ask } = asking(() => {
      opened++;
      return promise;
    });
    const first = ask();
    await ask();
    assert.equal(opened, 1);
    resolve({});
    await first;
    await ask();
    assert.equal(opened, 2);
  });

  it('aborts the picker of a page that goes, and tells nobody', async () => {
    const { promise, resolve } = Promise.withResolvers<object>();
    let signal: AbortSignal | undefined;
    const { ask, picking, users } = asking((request) => {
      signal = request.signal;
      return promise;
    });
    const asked = ask();
    picking.close();
    assert.isTrue(signal?.aborted);
    resolve({ id: 1 });
    await asked;
    assert.isEmpty(users);
  });

  it('tells the host app, and not the plugin, of a picker that fails', async () => {
    const heard: string[] = [];
    const hear = (event: ErrorEvent): void => {
      heard.push(String(event.error));
      event.preventDefault();
    };
    // Mocha counts every error that reaches the window.
    const { onerror } = window;
    window.onerror = null;
    addEventListener('error', hear);
    const { ask, users } = asking(async () => {
      throw new Error('directory is down');
    });
    await ask();
    removeEventListener('error', hear);
    window.onerror = onerror;
    assert.deepEqual(heard, ['Error: directory is down']);
    assert.isEmpty(users);
  });
});
