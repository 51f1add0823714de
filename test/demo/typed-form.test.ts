// The form that is made of a component's types, and the world that it is shown with.

import { assert } from 'chai';
import { html } from 'lit';
import '../../demo/playground/call-form/call-form.ts';
import type { CallForm } from '../../demo/playground/call-form/call-form.ts';
import type { RunEvent } from '../../demo/playground/events.ts';
import { worldOf } from '../../demo/playground/wit/world.ts';
import '../../demo/playground/wit/world-view.ts';
import type { ExportFact } from '../../src/runtime/wire/protocol.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement, settled, textOf } from '../helpers/render.ts';

const fact = (name: string, type: string): ExportFact => ({ name, kind: 'function', type, callable: true });
const EVERY =
  'func(n: record { id: u64, ratio: f64, letter: char, on: bool }, words: list<option<string>>, pair: tuple<s8, list<u8>>, ' +
  'shape: variant { none, sized(u32) }, color: enum { red, blue }, may: flags { r, w }, given: result<u8, string>, of: borrow<resource-1>)';
const EVIL = '<img src=x onerror="globalThis.evil=1">';

async function form(...exports: ExportFact[]): Promise<{ element: CallForm; asked: RunEvent[] }> {
  const element = await renderElement<CallForm>(html`
    <playground-call-form plugin="p" .exports=${exports}></playground-call-form>
  `);
  const asked: RunEvent[] = [];
  element.addEventListener('playground-run', (event) => asked.push(event));
  return { element, asked };
}

const typed = (element: CallForm): HTMLElement => find(element, 'playground-typed-form');
const field = <E extends HTMLElement>(element: CallForm, path: string): E => find<E>(typed(element), `[id="${path}"]`);

async function fill(element: CallForm, values: Record<string, string | true>): Promise<void> {
  for (const [path, value] of Object.entries(values)) {
    const at = field<HTMLInputElement>(element, path);
    if (value === true) at.click();
    else {
      at.value = value;
      at.dispatchEvent(new InputEvent(at.localName === 'select' ? 'change' : 'input', { bubbles: true }));
    }
    await settled(document.body);
  }
}

async function press(element: CallForm, label: string): Promise<void> {
  find<HTMLElement>(typed(element), `[aria-label="${label}"]`).click();
  await settled(document.body);
}

describe('the form of a component’s export', () => {
  it('has a field for each part of every type, and passes the axe checks', async () => {
    const { element, asked } = await form(fact('every', EVERY));
    await press(element, 'Add an item to words');
    await press(element, 'Add an item to words');
    await fill(element, {
      '0.0': '18446744073709551615',
      '0.1': 'NaN',
      '0.2': 'ü',
      '0.3': true,
      '1.1': true,
      '1.1.0': 'second',
      '2.0': '-8',
      '2.1': 'ff',
      '2.1.hex': true,
      '3': '1',
      '3.1': '9',
      '4': '1',
      '5.1': true,
      '6': '1',
      '6.1': 'no',
      '7': '3',
    });
    await assertAccessible(element);
    element.run();
    assert.deepEqual(JSON.parse(String(asked[0]?.input)), [
      { id: '18446744073709551615', ratio: 'NaN', letter: 'ü', on: true },
      [null, 'second'],
      [-8, [255]],
      { tag: 'sized', val: 9 },
      'blue',
      ['w'],
      { tag: 'err', val: 'no' },
      { handle: 3 },
    ]);
    await press(element, 'Remove item 1 of words');
    element.run();
    assert.deepEqual((JSON.parse(String(asked[1]?.input)) as unknown[])[1], ['second']);
  });

  it('says what is wrong beside its field, leads there, and calls nothing', async () => {
    const { element, asked } = await form(fact('sum', 'func(name: string, by: record { x: u8, y: u8 })'));
    await fill(element, { '1.0': '1', '1.1': '300' });
    element.run();
    await settled(document.body);
    assert.isEmpty(asked);
    const wrong = field<HTMLInputElement>(element, '1.1');
    assert.equal(wrong.getAttribute('aria-describedby'), '1.1-wrong');
    assert.equal(textOf(field(element, '1.1-wrong')), 'A whole number from 0 to 255');
    assert.strictEqual(typed(element).shadowRoot?.activeElement, wrong);
    assert.isFalse(field(element, '1.0').hasAttribute('aria-invalid'));
    await assertAccessible(element);
    await fill(element, { '1.1': '30' });
    assert.isFalse(wrong.hasAttribute('aria-invalid'));
    element.run();
    assert.equal(asked[0]?.input, '["",{"x":1,"y":30}]');
  });

  it('gives the one text that an export takes as it is, and nothing where it takes nothing', async () => {
    const { element, asked } = await form(fact('say', 'func(text: string)'), fact('none', 'func()'));
    await fill(element, { '0': '{"a":1}' });
    element.run();
    const choice = find<HTMLSelectElement>(element, '#export');
    choice.value = 'none';
    choice.dispatchEvent(new Event('change'));
    await settled(document.body);
    assert.equal(textOf(typed(element)), 'It takes no arguments.');
    element.run();
    assert.deepEqual(
      asked.map(({ exportName, input }) => [exportName, input]),
      [
        ['say', '{"a":1}'],
        ['none', '[]'],
      ],
    );
  });

  it('is the field for JSON alone where the type is not one, and runs no word of it', async () => {
    const { element } = await form(fact('evil', `func(a: ${EVIL})`));
    assert.isNull(element.shadowRoot?.querySelector('playground-typed-form') ?? null);
    assert.notProperty(globalThis, 'evil');
  });

  it('shows the world as a tree and as text, with names of anybody as text', async () => {
    const world = worldOf({
      imports: [{ module: EVIL, name: EVIL, kind: 'function', type: 'func()' }],
      exports: [fact('every', EVERY), fact(EVIL, `func(${EVIL})`)],
    });
    const element = await renderElement(html`<playground-world .world=${world}></playground-world>`);
    for (const details of element.shadowRoot?.querySelectorAll('details') ?? []) details.open = true;
    await assertAccessible(element);
    const text = textOf(element);
    for (const part of ['every function', 'words list of option of string', 'color enum: red, blue', EVIL]) {
      assert.include(text, part);
    }
    find(element, 'cloche-tabs', '#tab-text').click();
    await settled(document.body);
    await assertAccessible(element);
    assert.include(find(element, 'pre').textContent ?? '', `export every: ${EVERY};`);
    assert.isNull(element.shadowRoot?.querySelector('img') ?? null);
    assert.notProperty(globalThis, 'evil');
  });
});
