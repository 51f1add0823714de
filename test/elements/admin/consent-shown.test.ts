import { assert } from 'chai';
import '../../../src/elements/admin/consent/consent.ts';
import { askWith, type ConsentRequest } from '../../../src/elements/admin/consent/consent-events.ts';
import { dialogQueue } from '../../../src/elements/extension/dialog/dialog-queue.ts';
import type { Host, HostOptions, PermissionAnswer } from '../../../src/index.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { find, settled, textOf, until } from '../../helpers/render.ts';
import { wat } from '../../helpers/wat.ts';
import {
  armed,
  asked,
  consentOf,
  dialog,
  dismiss,
  EVIL,
  FIRST,
  has,
  never,
  press,
  question,
  source,
} from './consent-questions.ts';

/** Of the tests that leave nothing in it but plugins. */
let shared: Host;
before(async () => {
  shared = await makeHost();
});
afterEach(() => Promise.all(shared.plugins.map((plugin) => plugin.uninstall({ wipe: true }))));

// The half second in which a dialog takes no yes is tested in each engine. Here it passes at once.
const { setTimeout: later } = globalThis;
before(() => {
  globalThis.setTimeout = ((run: () => void, ms?: number) => later(run, ms === 500 ? 0 : ms)) as typeof setTimeout;
});
after(() => {
  globalThis.setTimeout = later;
});

async function consent(options?: HostOptions) {
  const host = options ? await makeHost(options) : shared;
  return { host, element: await consentOf(host) };
}

describe('<cloche-consent>', () => {
  it('passes the axe checks before an installation', async () => {
    const { element } = await consent();
    const installing = element.install(source('1', FIRST, { description: EVIL, author: EVIL }));
    await armed(element);
    await assertAccessible(element);
    dismiss(element);
    await installing;
  });

  it('says how much is loaded for a component, and how far that is', async () => {
    const { host, element } = await consent();
    await host.install(source('1', {}));
    const installing = element.install(new Response(new ReadableStream()));
    await until(() => has(element, 'progress'), 'the dialog');
    const prepare = async (plugin: string): Promise<void> => {
      host.dispatchEvent(new CustomEvent('prepare', { detail: { plugin, done: 3, total: 9, bytes: 1_200_000 } }));
      await settled(element);
    };
    await prepare('standup');
    assert.isFalse(find<HTMLProgressElement>(element, 'progress').hasAttribute('value'));
    await prepare('x');
    assert.include(textOf(find(element, '[role=status]')), '1.14 MiB');
    const { value, max } = find<HTMLProgressElement>(element, 'progress');
    assert.deepEqual([value, max], [3, 9]);
    await assertAccessible(element);
    dismiss(element);
    await installing;
  });

  it('passes the axe checks before an update', async () => {
    const { host, element } = await consent();
    await host.install(source('1', FIRST));
    const updating = element.install(source('2', { ...FIRST, commands: true }), { replace: true });
    await armed(element);
    await assertAccessible(element);
    dismiss(element);
    await updating;
  });

  it('passes the axe checks as a question in the dark, and where something fails', async () => {
    const { element } = await consent();
    element.style.colorScheme = 'dark';
    element.style.setProperty('--cloche-motion', '0s');
    const asking = element.ask(question(), never);
    await armed(element);
    await assertAccessible(element);
    dismiss(element);
    await asking;
    const failing = element.install({ wasm: new Uint8Array([1]) });
    await until(() => has(element, '.failure'), 'the failure');
    await assertAccessible(element);
    dismiss(element);
    await failing;
  });

  it('installs nothing where the package is another than the one that was shown', async () => {
    const { host, element } = await consent();
    const given = source('1', FIRST);
    const installing = element.install(given);
    await armed(element);
    Object.assign(given.manifest, { permissions: { ...FIRST, commands: true } });
    press(element, '.yes');
    await until(() => textOf(element).includes('This is another package than the one that was shown.'), 'the failure');
    press(element, '.actions button');
    assert.isUndefined(await installing);
    assert.equal(host.plugins.length, 0);
  });

  it('says which imports nobody provides, and installs without them', async () => {
    const { host, element } = await consent();
    const calls = await wat(
      '(module (import "elsewhere" "do_it" (func)) (func (export "run") (result i32) (i32.const 0)))',
    );
    const installing = element.install({ wasm: calls, manifest: { cloche: 1, id: 'p' } });
    await armed(element);
    assert.include(textOf(find(element, '.denied')), 'elsewhere: it calls do_it, which nobody provides here.');
    assert.include(textOf(find(element, '.notes')), 'Something that the plugin calls is not here.');
    press(element, '.yes');
    assert.equal((await installing)?.id, 'p');
    assert.equal(host.plugins.length, 1);
  });

  it('shows the difference of an update, lets the old version run on, and takes what was not ticked away', async () => {
    const { host, element } = await consent();
    const plugin = await host.install(source('1', { kv: true }));
    const next = source('2', { kv: true, mail: { allow: ['a@b.example'] }, http: { allow: ['a.example'] } });
    const refused = element.install(next, { replace: true });
    await armed(element);
    assert.equal(plugin.manifest.version, '1');
    assert.match(textOf(find(element, '.lines-list')), /New: Exchange data with/);
    press(element, '.no');
    await refused;
    assert.deepEqual([plugin.manifest.version, plugin.pending], ['1', undefined]);
    await host.install(next, { replace: true });
    const updating = element.acceptUpdate('standup');
    await armed(element);
    press(element, '.yes');
    assert.isTrue(await updating);
    assert.equal(plugin.manifest.version, '2');
    assert.deepEqual([...plugin.grants.keys()].sort(), ['kv', 'log', 'mail']);
  });

  it('says that nothing was changed only where nothing was', async () => {
    const { host, element } = await consent();
    const plugin = await host.install(source('1', { kv: true }));
    await host.install(source('2', { kv: true, mail: true, http: { allow: ['a.example'] } }), { replace: true });
    plugin.accept = () => Promise.reject(new Error('no room'));
    const updating = element.acceptUpdate('standup');
    await armed(element);
    press(element, '.yes');
    await until(() => has(element, '.failure'), 'the failure');
    assert.isFalse(plugin.grants.has('http'));
    assert.notInclude(textOf(element), 'Nothing was changed.');
    dismiss(element);
    await updating;
  });

  it('asks at the moment of use, one question at a time, and for as long as was chosen', async () => {
    const { element } = await consent();
    const ask = askWith(() => element);
    const answers = [ask(question('a'), never), ask(question('b'), never)];
    await armed(element);
    assert.equal(textOf(find(element, 'bdi.mono')), 'a');
    press(element, 'input[value=session]');
    press(element, '.yes');
    await until(() => textOf(find(element, 'bdi.mono')) === 'b', 'the second question');
    await armed(element);
    press(element, '.no');
    assert.deepEqual(await Promise.all(answers), ['session', 'no']);
  });

  it('U7: offers an end to the questions of a plugin that asks in a loop', async () => {
    const { element } = await consent();
    for (let at = 0; at < 2; at++) {
      const answer = element.ask(question('loop'), never);
      await asked(element);
      dismiss(element);
      await answer;
    }
    const answer = element.ask(question('loop'), never);
    await armed(element);
    press(element, '.mute');
    assert.equal(await answer, 'no');
    assert.equal(await element.ask(question('loop'), never), 'no');
    assert.isFalse(dialog(element).open);
  });

  it('counts a question once, however often it is drawn', async () => {
    const { element } = await consent();
    const answer = element.ask(question('once'), never);
    await armed(element);
    for (const duration of ['session', 'always', 'once']) {
      press(element, `input[value=${duration}]`);
      await settled(element);
    }
    assert.isFalse(has(element, '.mute'));
    dismiss(element);
    await answer;
  });

  it('says of a version that it has no number, rather than nothing', async () => {
    const { host, element } = await consent();
    await host.install(source('', {}));
    const updating = element.install(source('2', {}), { replace: true });
    await asked(element);
    const text = textOf(element);
    for (const said of ['Version without a number runs on', 'without a number → 2', 'Keep version without a number']) {
      assert.include(text, said);
    }
    dismiss(element);
    await updating;
  });

  it('is given up with the signal of whoever installs', async () => {
    const { host, element } = await consent();
    const own = new AbortController();
    const installing = element.install(source('1', FIRST), { signal: own.signal });
    await asked(element);
    own.abort();
    assert.isUndefined(await installing);
    assert.isFalse(dialog(element).open);
    const other = new AbortController();
    element.onConsent = () => {
      other.abort();
      return new Promise(() => undefined);
    };
    assert.isUndefined(await element.install(source('1', FIRST), { signal: other.signal }));
    assert.equal(host.plugins.length, 0);
  });

  it('has nobody tick what the app has settled, and shows that alone as given', async () => {
    const grants = { standup: { mail: true, kv: true } };
    const { element } = await consent({ trust: { grants } });
    const installing = element.install(source('1', FIRST));
    await armed(element);
    assert.isFalse(has(element, 'input'));
    assert.include(textOf(element), 'Send e-mail');
    press(element, '.yes');
    assert.deepEqual([...((await installing)?.grants.keys() ?? [])].sort(), ['kv', 'log', 'mail']);
  });

  it('U7: has questions of plugins wait, and none lie over it', async () => {
    const { element } = await consent();
    const opened: string[] = [];
    const asker = { isShown: () => true, open: () => opened.push('open'), close: () => opened.push('close') };
    const confirm = { type: 'confirm', title: '', message: '', confirmText: '', cancelText: '', variant: 'primary' };
    dialogQueue.ask(asker, confirm as never, () => undefined);
    const answer = element.ask(question('over'), never);
    await asked(element);
    assert.deepEqual(opened, ['open', 'close']);
    dismiss(element);
    await answer;
    assert.deepEqual(opened, ['open', 'close', 'open']);
    dialogQueue.withdraw(asker);
  });

  it('U11: shows names, reasons and descriptions of a plugin as text', async () => {
    const { element } = await consent();
    const manifest = { name: 'x<b>bold</b>', description: EVIL, author: EVIL };
    const http = { allow: ['a.example'], reason: EVIL };
    const installing = element.install(source('<i>1</i>', { http, commands: { allow: ['<s>x</s>'] } }, manifest));
    await asked(element);
    assert.isNull(element.shadowRoot?.querySelector('img, b, i, s') ?? null);
    assert.include(textOf(element), '<b>bold</b>');
    assert.notInclude(textOf(element), '\u202e');
    assert.include(textOf(element), '\\u202eevil');
    assert.isUndefined((globalThis as { evil?: number }).evil);
    dismiss(element);
    await installing;
  });

  it('hands the same to a dialog of the app, of which anything unknown is a no', async () => {
    const { host, element } = await consent();
    const seen: ConsentRequest[] = [];
    const told: boolean[] = [];
    element.addEventListener('consent', ({ allowed }) => told.push(allowed));
    let answer: unknown = 'perhaps';
    element.onConsent = (given) => {
      seen.push(given);
      return answer as PermissionAnswer;
    };
    assert.isUndefined(await element.install(source('1', FIRST)));
    answer = { allow: ['http', 'kv'] };
    assert.equal((await element.install(source('1', FIRST)))?.id, 'standup');
    assert.deepEqual([...(host.get('standup')?.grants.keys() ?? [])].sort(), ['http', 'kv', 'log']);
    answer = 'always';
    assert.equal(await element.ask(question(), never), 'always');
    answer = { allow: ['mail'] };
    assert.equal(await element.ask(question(), never), 'no');
    answer = 'toString';
    assert.equal(await element.ask(question(), never), 'no');
    assert.deepEqual(
      seen.map(({ kind }) => kind),
      ['install', 'install', 'ask', 'ask', 'ask'],
    );
    assert.deepEqual(told, [false, true, true, false, false]);
    assert.isFalse(dialog(element).open);
  });

  it('lets nobody decide on permissions who may not, and the plugin begins with none', async () => {
    const { element } = await consent({ trust: { can: { grant: false } } });
    const installing = element.install(source('1', FIRST));
    await armed(element);
    assert.isFalse(has(element, 'input'));
    press(element, '.yes');
    assert.deepEqual([...((await installing)?.grants.keys() ?? [])], ['log']);
  });

  it('offers no yes to an update that waits to whoever may not decide on what it asks for', async () => {
    const storage = uniqueStorage();
    const before = await makeHost({ storage });
    await before.install(source('1', {}));
    await before.install(source('2', FIRST), { replace: true });
    await before.close();
    const { host, element } = await consent({ storage, trust: { can: { grant: false } } });
    const accepting = element.acceptUpdate('standup');
    await armed(element);
    assert.isFalse(has(element, '.yes'));
    assert.include(textOf(find(element, '.notice')), 'may not decide');
    press(element, '.no');
    assert.isFalse(await accepting);
    assert.equal(host.get('standup')?.pending?.version, '2');
  });

  for (const [answer, selector] of [
    ['once', '.yes'],
    ['no', '.no'],
  ] as const) {
    it(`lets a plugin ask as it is installed, and goes on with that after "${answer}"`, async () => {
      const { host, element } = await consent({});
      const install = host.install.bind(host);
      const answers: unknown[] = [];
      host.install = async (...given) => {
        answers.push(await element.ask(question('standup'), never));
        return install(...given);
      };
      const installing = element.install(source('1', {}));
      await armed(element);
      press(element, '.yes');
      await until(() => has(element, 'input[type=radio]') && !has(element, '[inert]'), 'the question');
      press(element, selector);
      assert.equal((await installing)?.id, 'standup');
      assert.deepEqual(answers, [answer]);
      assert.isFalse(dialog(element).open);
    });
  }

  it('shows no button to install to whoever may not', async () => {
    const { host, element } = await consent({ trust: { can: { install: false } } });
    const installing = element.install(source('1', FIRST));
    await until(() => has(element, '.failure') || has(element, '.no'), 'a refusal');
    assert.isFalse(has(element, '.yes'));
    dismiss(element);
    await installing;
    assert.deepEqual(host.plugins, []);
  });
});
