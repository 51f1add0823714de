import { assert } from 'chai';
import { html } from 'lit';
import '../../demo/playground/access-editor/access-editor.ts';
import type { AccessEditor } from '../../demo/playground/access-editor/access-editor.ts';
import type { Settings } from '../../demo/playground/host-like.ts';
import '../../demo/playground/limits-editor/limits-editor.ts';
import type { LimitsEditor } from '../../demo/playground/limits-editor/limits-editor.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement, settled, textOf } from '../helpers/render.ts';
import { notes } from './scripts.ts';
import { type Script, StandInHost } from './stand-in.ts';

function listen(element: HTMLElement): Settings[] {
  const asked: Settings[] = [];
  element.addEventListener('playground-settings', ({ settings }) => asked.push(settings));
  return asked;
}

async function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): Promise<void> {
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await settled(document.body);
}

const submit = (element: Element): void => find<HTMLFormElement>(element, 'form').requestSubmit();
const hasSave = (element: Element): boolean => element.shadowRoot?.querySelector('[type=submit]') !== null;

describe('<playground-limits-editor>', () => {
  const limits = { ...DEFAULT_LIMITS, timeoutMs: 2_000 };
  const editor = () =>
    renderElement<LimitsEditor>(html`
      <playground-limits-editor .limits=${limits} .most=${DEFAULT_LIMITS}></playground-limits-editor>
    `);

  it('passes the axe checks, with a wrong value', async () => {
    const element = await editor();
    await type(find(element, '#memoryBytes'), 'much');
    await assertAccessible(element);
  });

  it('shows each limit in its own unit, and nothing to save before a change', async () => {
    const element = await editor();
    assert.equal(find<HTMLInputElement>(element, '#timeoutMs').value, '2000');
    assert.equal(find<HTMLInputElement>(element, '#memoryBytes').value, '64');
    assert.isFalse(hasSave(element));
  });

  it('asks for all lowered limits, since settings replace those of before', async () => {
    const element = await editor();
    const asked = listen(element);
    await type(find(element, '#memoryBytes'), '8');
    submit(element);
    assert.deepEqual(asked, [{ limits: { timeoutMs: 2_000, memoryBytes: 8 << 20 } }]);
  });

  it('can raise a lowered limit again', async () => {
    const element = await editor();
    const asked = listen(element);
    await type(find(element, '#timeoutMs'), '5000');
    submit(element);
    assert.deepEqual(asked, [{ limits: {} }]);
  });

  it('refuses what the host does not allow, says the range and moves there', async () => {
    const element = await editor();
    const asked = listen(element);
    for (const wrong of ['6000', '0', '', 'soon', '-1']) {
      await type(find(element, '#timeoutMs'), wrong);
      submit(element);
      assert.include(textOf(find(element, '#timeoutMs-wrong')), 'From 1 to 5000 ms', wrong);
    }
    assert.equal(element.shadowRoot?.activeElement?.id, 'timeoutMs');
    assert.lengthOf(asked, 0);
  });
});

describe('<playground-access-editor>', () => {
  const reader: Script = {
    id: 'reader',
    asks: [
      {
        capability: 'http',
        sentences: [{ text: 'Send requests to https://a.example.' }],
        reason: 'To <b>read</b> news.',
      },
      ...(notes.asks ?? []),
    ],
    exports: {},
  };

  async function editor(): Promise<AccessEditor> {
    const plugin = await new StandInHost([reader]).install(new File([], 'reader.wasm'));
    plugin.grants = new Map<string, unknown>([
      ['http', { allow: ['https://a.example'], methods: ['GET'] }],
      ['kv', { bytes: 1_024 }],
    ]);
    return renderElement<AccessEditor>(html`<playground-access-editor .plugin=${plugin}></playground-access-editor>`);
  }

  const boxes = (element: AccessEditor): HTMLInputElement[] => [
    ...(element.shadowRoot?.querySelectorAll<HTMLInputElement>('[type=checkbox]') ?? []),
  ];

  it('passes the axe checks', async () => {
    await assertAccessible(await editor());
  });

  it('marks the reason as the words of the plugin, as text', async () => {
    const element = await editor();
    assert.include(textOf(element), 'The plugin says: “To <b>read</b> news.”');
    assert.isNull(element.shadowRoot?.querySelector('b') ?? null);
  });

  it('takes one permission away and keeps the other as it was', async () => {
    const element = await editor();
    const asked = listen(element);
    boxes(element)[0]?.click();
    await settled(document.body);
    submit(element);
    assert.deepEqual(asked, [{ grant: { kv: { bytes: 1_024 } } }]);
  });

  it('changes the hosts of http and keeps its methods', async () => {
    const element = await editor();
    const asked = listen(element);
    const hosts = find<HTMLTextAreaElement>(element, '#hosts');
    assert.equal(hosts.value, 'https://a.example');
    await type(hosts, ' https://b.example\n\nc.example ');
    submit(element);
    assert.deepEqual(asked, [
      { grant: { http: { allow: ['https://b.example', 'c.example'], methods: ['GET'] }, kv: { bytes: 1_024 } } },
    ]);
  });
});
