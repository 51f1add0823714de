import { assert } from 'chai';
import { html } from 'lit';
import type { ChooseEvent, FilesEvent } from '../../demo/playground/events.ts';
import '../../demo/playground/plugin-list/plugin-list.ts';
import type { PluginList } from '../../demo/playground/plugin-list/plugin-list.ts';
import type { Host } from '../../src/index.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';
import { find, renderElement, textOf } from '../helpers/render.ts';
import { ASKING, exampleOf, loopOf, type Made } from './plugins.ts';

afterEach(closeHosts);

const LOOP = loopOf(1_000);
const STRANGER: Made = { id: 'stranger', name: '<i>Stranger</i>' };
const listOf = (host: Host, examples: PluginList['examples'] = [], shown = ''): Promise<PluginList> =>
  renderElement<PluginList>(html`
    <playground-plugin-list .examples=${examples} .host=${host} .shown=${shown}></playground-plugin-list>
  `);

/** Two examples, of which one is installed and off, and a plugin that somebody brought. */
async function list(): Promise<PluginList> {
  const host = await makeHost();
  const examples = await Promise.all([exampleOf(LOOP), exampleOf(ASKING)]);
  const [loop] = examples;
  await (await host.install(loop?.source ?? '')).disable();
  await host.install((await exampleOf(STRANGER)).source);
  return listOf(host, examples, LOOP.id);
}

const row = (element: PluginList, name: string): HTMLElement => {
  const found = [...(element.shadowRoot?.querySelectorAll<HTMLElement>('.row') ?? [])].find((one) =>
    one.textContent?.includes(name),
  );
  if (!found) throw new Error(`Expected a row for ${name}`);
  return found;
};

describe('<playground-plugin-list>', () => {
  it('passes the axe checks', async () => {
    await assertAccessible(await list());
  });

  it('tells hostile examples, states and the shown plugin in words and attributes', async () => {
    const element = await list();
    assert.include(row(element, 'Endless loop').textContent ?? '', 'hostile');
    assert.equal(textOf(find(row(element, 'Endless loop'), 'cloche-state')), 'off');
    assert.equal(row(element, 'Endless loop').getAttribute('aria-current'), 'true');
    assert.equal(row(element, 'Notes').getAttribute('aria-current'), 'false');
    assert.isNull(row(element, 'Notes').querySelector('cloche-state'));
  });

  it('says of an example that cannot do all that it is for that it needs a server, unless it is off', async () => {
    const host = await makeHost();
    const mailing = await exampleOf({ id: 'mailing', name: 'Mailing', manifest: { permissions: { mail: true } } });
    const plugin = await host.install(mailing.source);
    const stateOf = async (): Promise<string> =>
      textOf(find(row(await listOf(host, [mailing]), 'Mailing'), 'cloche-state'));
    assert.equal(await stateOf(), 'needs a server');
    await plugin.disable();
    assert.equal(await stateOf(), 'off');
  });

  it('says where nothing lasts, and why', async () => {
    for (const [storage, said, unsaid] of [
      ['durable', 'Plugins stay in this browser.', 'gone with this page'],
      ['memory', 'The browser is set so.', 'stay in this browser'],
    ] as const) {
      const host = await makeHost();
      const environment = { ...host.environment, storage, storageReason: 'The browser is set so.' };
      Object.defineProperty(host, 'environment', { value: environment });
      const text = textOf(await listOf(host));
      assert.include(text, said);
      assert.notInclude(text, unsaid);
    }
  });

  it('lists what the user brought as an admin does, without the examples', async () => {
    const plugins = find(await list(), 'cloche-plugins');
    const rows = [...(plugins.shadowRoot?.querySelectorAll('li') ?? [])].map(textOf);
    assert.lengthOf(rows, 1);
    assert.include(rows[0], '<i>Stranger</i>');
  });

  it('asks for an example by itself and for a plugin by its id, and stays where it is', async () => {
    const element = await list();
    const asked: string[] = [];
    element.addEventListener('playground-choose', ({ choice }: ChooseEvent) => {
      asked.push('plugin' in choice ? choice.plugin : `example ${choice.example.id}`);
    });
    const before = location.href;
    row(element, 'Notes').click();
    find(element, 'cloche-plugins', 'h3 a').click();
    assert.deepEqual(asked, ['example notes', 'stranger']);
    assert.equal(location.href, before);
  });

  it('hands over picked files, and the same file again', async () => {
    const element = await list();
    const names: string[] = [];
    element.addEventListener('playground-files', (event: FilesEvent) =>
      names.push(...event.files.map(({ name }) => name)),
    );
    const input = find<HTMLInputElement>(element, 'input[type=file]');
    for (let time = 0; time < 2; time++) {
      const files = new DataTransfer();
      files.items.add(new File([], 'a.wasm'));
      input.files = files.files;
      input.dispatchEvent(new Event('change'));
      assert.equal(input.value, '');
    }
    assert.deepEqual(names, ['a.wasm', 'a.wasm']);
  });

  it('P10: lists what cannot be read', async () => {
    const host = await makeHost();
    const unreadable = [{ id: 'damaged', error: new Error('The record <b>cannot</b> be read') }];
    Object.defineProperty(host, 'unreadable', { value: unreadable });
    assert.include(textOf(find(await listOf(host), 'cloche-plugins')), 'The record <b>cannot</b> be read');
  });
});
