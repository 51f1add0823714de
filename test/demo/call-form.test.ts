import { assert } from 'chai';
import { html } from 'lit';
import { eventually } from '../helpers/hosts.ts';
import '../../demo/playground/call-form/call-form.ts';
import type { CallForm } from '../../demo/playground/call-form/call-form.ts';
import type { RunEvent } from '../../demo/playground/events.ts';
import type { ExportFact } from '../../src/runtime/wire/protocol.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, press, renderElement, settled } from '../helpers/render.ts';

const fact = (name: string, callable = true): ExportFact => ({ name, kind: 'function', type: '() -> i32', callable });
const EXPORTS = [fact('add'), fact('list'), fact('internal', false)];

const form = (part: { running?: boolean; input?: string } = {}) =>
  renderElement<CallForm>(html`
    <playground-call-form
      .plugin=${'notes'}
      .exports=${EXPORTS}
      .suggested=${{ export: 'list', input: part.input ?? 'hello' }}
      .running=${part.running ?? false}
    ></playground-call-form>
  `);

/** What the element asks for, in order. */
function listen(element: CallForm): (string | RunEvent)[] {
  const asked: (string | RunEvent)[] = [];
  element.addEventListener('playground-run', (event) => asked.push(event));
  element.addEventListener('playground-stop', () => asked.push('stop'));
  return asked;
}

async function choose(element: CallForm, tab: string): Promise<void> {
  find(element, 'cloche-tabs', `#tab-${tab}`).click();
  await settled(document.body);
}

function type(area: HTMLTextAreaElement, text: string): void {
  area.value = text;
  area.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

describe('<playground-call-form>', () => {
  it('passes the axe checks on each tab, and while a call runs', async () => {
    const element = await form();
    for (const tab of ['text', 'json', 'file']) {
      await choose(element, tab);
      await assertAccessible(element);
    }
    await assertAccessible(await form({ running: true }));
  });

  it('offers what can be called, and chooses what the author suggests', async () => {
    const element = await form();
    const select = find<HTMLSelectElement>(element, 'select');
    assert.deepEqual(
      [...select.options].map(({ value }) => value),
      ['add', 'list'],
    );
    assert.equal(select.value, 'list');
    assert.equal(find<HTMLTextAreaElement>(element, '#text').value, 'hello');
  });

  it('runs with Ctrl or Command and Enter from the input', async () => {
    const element = await form();
    const asked = listen(element);
    press(find(element, '#text'), 'Enter');
    press(find(element, '#text'), 'Enter', { ctrlKey: true });
    press(find(element, '#text'), 'Enter', { metaKey: true });
    assert.lengthOf(asked, 2);
    const [event] = asked as RunEvent[];
    assert.equal(event?.exportName, 'list');
    assert.equal(event?.input, 'hello');
  });

  it('turns Run into Stop while a call runs, and stops with Escape', async () => {
    const element = await form({ running: true });
    const asked = listen(element);
    assert.equal(find(element, '[part=run]').textContent?.trim(), 'Stop now');
    find(element, '[part=run]').click();
    press(find(element, '#text'), 'Escape');
    press(find(element, '#text'), 'Enter', { ctrlKey: true });
    assert.deepEqual(asked, ['stop', 'stop']);
  });

  it('refuses JSON that is none, says so and moves to it', async () => {
    const element = await form();
    const asked = listen(element);
    await choose(element, 'json');
    const area = find<HTMLTextAreaElement>(element, '#json');
    type(area, '{"a":');
    element.run();
    await element.updateComplete;
    assert.lengthOf(asked, 0);
    assert.equal(area.getAttribute('aria-invalid'), 'true');
    assert.include(find(element, '#wrong').textContent ?? '', 'not valid JSON');
    assert.equal(element.shadowRoot?.activeElement, area);
    type(area, '{"a":1}');
    element.run();
    assert.lengthOf(asked, 1);
  });

  it('opens the JSON tab for a suggested input that looks like it', async () => {
    const element = await form({ input: '{"a":1}' });
    assert.equal(
      find(element, 'cloche-tabs').getAttribute('value') ??
        find<CallForm & { value: string }>(element, 'cloche-tabs').value,
      'json',
    );
  });

  it('sends the bytes of a file', async () => {
    const element = await form();
    const asked = listen(element);
    await choose(element, 'file');
    const input = find<HTMLInputElement>(element, 'input[type=file]');
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array([1, 2, 255])], 'a.bin'));
    input.files = files.files;
    input.dispatchEvent(new Event('change'));
    const sent = (): number => {
      asked.length = 0;
      element.run();
      return ((asked[0] as RunEvent).input as Uint8Array).length;
    };
    // Reading a file takes an engine as long as it takes.
    await eventually(() => sent() > 0, 'the bytes of the file');
    assert.deepEqual([...((asked[0] as RunEvent).input as Uint8Array)], [1, 2, 255]);
  });

  it('keeps what was typed for each plugin', async () => {
    const element = await form();
    type(find(element, '#text'), 'typed for notes');
    element.plugin = 'other';
    element.suggested = undefined;
    await settled(document.body);
    assert.equal(find<HTMLTextAreaElement>(element, '#text').value, '');
    element.plugin = 'notes';
    await settled(document.body);
    assert.equal(find<HTMLTextAreaElement>(element, '#text').value, 'typed for notes');
  });

  it('cannot run what is switched off or has nothing to call', async () => {
    const element = await form();
    const asked = listen(element);
    element.disabled = true;
    element.run();
    element.disabled = false;
    element.exports = [fact('internal', false)];
    await element.updateComplete;
    element.run();
    assert.lengthOf(asked, 0);
    assert.isTrue(find<HTMLButtonElement>(element, '[part=run]').disabled);
  });
});
