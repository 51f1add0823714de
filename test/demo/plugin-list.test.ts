import { assert } from 'chai';
import { html } from 'lit';
import type { ChooseEvent, FilesEvent, RemoveEvent } from '../../demo/playground/events.ts';
import '../../demo/playground/plugin-list/plugin-list.ts';
import type { PluginList } from '../../demo/playground/plugin-list/plugin-list.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement, textOf } from '../helpers/render.ts';
import { EXAMPLES, loop, notes, SCRIPTS } from './scripts.ts';
import { StandInHost } from './stand-in.ts';

async function list(): Promise<PluginList> {
  const stranger = { id: 'stranger', name: '<i>Stranger</i>', exports: {} };
  const host = new StandInHost([...SCRIPTS, stranger]);
  await host.install(new File([], 'loop.wasm'));
  await host.install(new File([], 'stranger.wasm'));
  await host.get(loop.id)?.disable();
  return renderElement<PluginList>(html`
    <playground-plugin-list
      .examples=${EXAMPLES}
      .plugins=${host.plugins}
      .environment=${host.environment}
      .shown=${loop.id}
    ></playground-plugin-list>
  `);
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

  it('says of a plugin that cannot do all that it is for that it needs a server, unless it is off', async () => {
    const host = new StandInHost(SCRIPTS);
    const plugin = await host.install(new File([], 'board.wasm'));
    const stateOf = async (): Promise<string> => {
      const element = await renderElement<PluginList>(
        html`<playground-plugin-list .plugins=${host.plugins}></playground-plugin-list>`,
      );
      return textOf(find(row(element, 'Board'), 'cloche-state'));
    };
    assert.equal(await stateOf(), 'needs a server');
    await plugin.disable();
    assert.equal(await stateOf(), 'off');
  });

  it('says where nothing lasts, and why', async () => {
    const { environment } = new StandInHost([]);
    const memory = { ...environment, storage: 'memory', storageReason: 'The browser is set so.' } as const;
    for (const [given, said, unsaid] of [
      [environment, 'Plugins stay in this browser.', 'gone with this page'],
      [memory, 'The browser is set so.', 'stay in this browser'],
    ] as const) {
      const element = await renderElement<PluginList>(
        html`<playground-plugin-list .environment=${given}></playground-plugin-list>`,
      );
      const text = textOf(element);
      assert.include(text, said);
      assert.notInclude(text, unsaid);
    }
  });

  it('lists what the user brought apart, with its name as text', async () => {
    const element = await list();
    assert.isNotNull(row(element, '<i>Stranger</i>'));
    assert.isNull(element.shadowRoot?.querySelector('i') ?? null);
  });

  it('asks for an example by itself and for a plugin by its id', async () => {
    const element = await list();
    const asked: ChooseEvent['choice'][] = [];
    element.addEventListener('playground-choose', (event) => asked.push(event.choice));
    row(element, 'Notes').click();
    row(element, 'Stranger').click();
    assert.deepEqual(asked, [{ example: EXAMPLES.find(({ id }) => id === notes.id) }, { plugin: 'stranger' }] as never);
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

  it('P10: lists what cannot be read, as text, beside the others, and asks to remove it', async () => {
    const host = new StandInHost(SCRIPTS);
    await host.install(new File([], 'board.wasm'));
    const unreadable = [{ id: 'damaged', error: new Error('The record <b>cannot</b> be read') }];
    const element = await renderElement<PluginList>(
      html`<playground-plugin-list .plugins=${host.plugins} .unreadable=${unreadable}></playground-plugin-list>`,
    );
    await assertAccessible(element);
    assert.include(row(element, 'Board').textContent ?? '', 'Board');
    const item = find(element, '.unreadable');
    assert.include(textOf(item), 'The record <b>cannot</b> be read');
    const asked: string[] = [];
    element.addEventListener('playground-remove', ({ plugin }: RemoveEvent) => void asked.push(plugin));
    find(item, 'button').click();
    assert.deepEqual(asked, ['damaged']);
  });
});
