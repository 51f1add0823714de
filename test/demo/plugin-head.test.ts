import { assert } from 'chai';
import { html } from 'lit';
import type { Action } from '../../demo/playground/events.ts';
import '../../demo/playground/plugin-head/plugin-head.ts';
import type { PluginHead } from '../../demo/playground/plugin-head/plugin-head.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement, textOf, until } from '../helpers/render.ts';
import { board, notes, SCRIPTS } from './scripts.ts';
import { StandInHost, type StandInPlugin } from './stand-in.ts';

async function head(prepare: (plugin: StandInPlugin) => void = () => undefined): Promise<PluginHead> {
  const plugin = await new StandInHost(SCRIPTS).install(new File([], 'notes.wasm'), { grant: 'none' });
  prepare(plugin);
  return renderElement<PluginHead>(html`<playground-plugin-head .plugin=${plugin}></playground-plugin-head>`);
}

function clickOn(element: PluginHead, label: string): void {
  const button = [...(element.shadowRoot?.querySelectorAll('button') ?? [])].find((one) => textOf(one) === label);
  if (!button) throw new Error(`Expected a button "${label}"`);
  button.click();
}

describe('<playground-plugin-head>', () => {
  it('passes the axe checks, asking and quarantined', async () => {
    await assertAccessible(await head());
    await assertAccessible(
      await head((plugin) => {
        plugin.state = 'quarantined';
      }),
    );
  });

  it('shows what the plugin asks for, and passes on that the user allows it', async () => {
    const element = await head();
    assert.include(textOf(element), 'Keep up to 1 MiB of data in this browser.');
    const asked: unknown[] = [];
    element.addEventListener('playground-settings', ({ settings }) => asked.push(settings));
    clickOn(element, 'Allow what it asks for');
    assert.deepEqual(asked, [{ grant: 'manifest' }]);
  });

  it('shows an update that waits, what it asks for more, and passes on the answer with the hash that was shown', async () => {
    const asks = { capability: 'http', status: 'granted', granted: false, given: [], reason: undefined } as const;
    const element = await head((plugin) => {
      const sentences = [{ text: 'Exchange data with https://example.com.' }];
      plugin.pending = {
        version: '2.0.0',
        sha256: 'ab',
        requests: [
          { ...asks, sentences, missing: sentences },
          {
            ...asks,
            capability: 'kv',
            sentences: [{ text: 'Keep data.' }],
            granted: true,
            given: [{ text: 'Keep data.' }],
            missing: [],
          },
        ],
      };
    });
    const group = find(element, '[aria-label="An update waits"]');
    assert.match(textOf(group), /Version 2\.0\.0 waits.*Exchange data with https:\/\/example\.com\./s);
    assert.notInclude(textOf(group), 'Keep data.');
    await assertAccessible(element);
    const answers: unknown[] = [];
    element.addEventListener('playground-accept', ({ sha256 }) => answers.push(sha256));
    element.addEventListener('playground-action', ({ action }) => answers.push(action));
    clickOn(element, 'Accept');
    clickOn(element, 'Dismiss');
    assert.deepEqual(answers, ['ab', 'dismiss']);
  });

  it('asks for nothing once everything is allowed', async () => {
    const element = await head((plugin) => void plugin.configure({ grant: 'manifest' }));
    assert.notInclude(textOf(element), 'asks for something');
  });

  it('offers to switch on what is off', async () => {
    const element = await head((plugin) => {
      plugin.state = 'off';
    });
    const asked: Action[] = [];
    element.addEventListener('playground-action', ({ action }) => asked.push(action));
    for (const label of ['Switch on', 'Reset']) clickOn(element, label);
    assert.deepEqual(asked, ['enable', 'reset']);
  });

  it('asks before it removes a plugin, and what becomes of its data', async () => {
    const element = await head();
    const asked: Action[] = [];
    element.addEventListener('playground-action', ({ action }) => asked.push(action));
    const dialog = find<HTMLDialogElement>(element, 'dialog');
    for (const answer of ['Cancel', 'Remove, keep its data', 'Remove with its data']) {
      clickOn(element, 'Remove');
      assert.isTrue(dialog.open);
      await assertAccessible(element);
      clickOn(element, answer);
      await until(() => !dialog.open, 'the dialog to close');
    }
    await until(() => asked.length === 2, 'both removals to be asked for');
    assert.deepEqual(asked, ['remove', 'wipe']);
  });

  it('removes nothing when the dialog is left with Escape', async () => {
    const element = await head();
    const asked: Action[] = [];
    element.addEventListener('playground-action', ({ action }) => asked.push(action));
    const dialog = find<HTMLDialogElement>(element, 'dialog');
    clickOn(element, 'Remove');
    clickOn(element, 'Remove, keep its data');
    await until(() => asked.length === 1, 'the removal to be asked for');
    clickOn(element, 'Remove');
    // What Escape does, without the key that a page cannot press.
    dialog.close();
    await new Promise((done) => setTimeout(done, 50));
    assert.deepEqual(asked, ['remove']);
  });

  it('says that a plugin needs a server, and for what where no page of it does', async () => {
    for (const [contributions, isSaid] of [
      [board.contributions, false],
      [[], true],
    ] as const) {
      const plugin = await new StandInHost([{ ...board, contributions: contributions ?? [] }]).install(
        new File([], 'board.wasm'),
      );
      const element = await renderElement<PluginHead>(
        html`<playground-plugin-head .plugin=${plugin}></playground-plugin-head>`,
      );
      assert.equal(textOf(find(element, 'cloche-state[state=needs-server]')), 'needs a server');
      assert.equal(textOf(element).includes('Sending mail needs a server.'), isSaid);
      await assertAccessible(element);
    }
  });

  it('says why a quarantined plugin takes no call, and offers the way out', async () => {
    const element = await head((plugin) => {
      plugin.state = 'quarantined';
    });
    assert.include(textOf(element), 'killed three times within a minute');
    const asked: Action[] = [];
    element.addEventListener('playground-action', ({ action }) => asked.push(action));
    clickOn(element, 'Switch on again');
    assert.deepEqual(asked, ['enable']);
  });

  it('shows the description as text', async () => {
    const host = new StandInHost([{ ...notes, description: '<a href="//evil.example">Log in</a>' }]);
    const plugin = await host.install(new File([], 'notes.wasm'));
    const element = await renderElement<PluginHead>(
      html`<playground-plugin-head .plugin=${plugin}></playground-plugin-head>`,
    );
    assert.isNull(element.shadowRoot?.querySelector('a') ?? null);
    assert.include(textOf(element), '<a href="//evil.example">');
  });
});
