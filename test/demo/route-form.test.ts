import { assert } from 'chai';
import { html } from 'lit';
import type { RouteRequest } from '../../demo/playground/events.ts';
import '../../demo/playground/route-form/route-form.ts';
import type { RouteForm } from '../../demo/playground/route-form/route-form.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, press, renderElement, settled } from '../helpers/render.ts';

const board = {
  id: 'board',
  routes: [
    { method: 'POST', path: '/cards', description: 'Adds a card' },
    { method: 'GET', path: '/cards/*', description: '' },
    { method: '', path: '/any', description: '' },
  ],
};

const form = (part: { running?: boolean; disabled?: boolean } = {}) =>
  renderElement<RouteForm>(html`
    <playground-route-form
      .plugin=${board.id}
      .routes=${board.routes}
      .running=${part.running ?? false}
      .disabled=${part.disabled ?? false}
    ></playground-route-form>
  `);

function listen(element: RouteForm): (RouteRequest | 'stop')[] {
  const asked: (RouteRequest | 'stop')[] = [];
  element.addEventListener('playground-request', ({ request }) => asked.push(request));
  element.addEventListener('playground-stop', () => asked.push('stop'));
  return asked;
}

async function choose(element: RouteForm, select: string, label: string): Promise<void> {
  const options = find<HTMLSelectElement>(element, select);
  options.selectedIndex = [...options.options].findIndex(({ text }) => text.startsWith(label));
  options.dispatchEvent(new Event('change'));
  await settled(document.body);
}

async function type(element: RouteForm, selector: string, text: string): Promise<void> {
  find<HTMLInputElement>(element, selector).value = text;
  find(element, selector).dispatchEvent(new InputEvent('input', { bubbles: true }));
  await settled(document.body);
}

const run = (element: RouteForm): void => find(element, '[part=run]').click();

describe('<playground-route-form>', () => {
  it('passes the axe checks, with a body and while a request runs', async () => {
    const element = await form();
    await assertAccessible(element);
    await choose(element, '#route', 'POST');
    await assertAccessible(element);
    await assertAccessible(await form({ running: true }));
  });

  it('begins with the first route that can be read, and sends it', async () => {
    const element = await form();
    const asked = listen(element);
    run(element);
    assert.deepEqual(asked, [{ method: 'GET', path: '/cards/', body: '' }]);
  });

  it('sends method, path and body of a route as they were changed', async () => {
    const element = await form();
    const asked = listen(element);
    await choose(element, '#route', 'POST');
    await type(element, '#body', '{"a":1}');
    await type(element, '#path', 'cards?day=1');
    run(element);
    await choose(element, '#method', 'PUT');
    run(element);
    assert.deepEqual(asked, [
      { method: 'POST', path: '/cards?day=1', body: '{"a":1}' },
      { method: 'PUT', path: '/cards?day=1', body: '{"a":1}' },
    ]);
  });

  it('keeps a body while a method without one is chosen, and does not send it', async () => {
    const element = await form();
    const asked = listen(element);
    await choose(element, '#route', 'POST');
    await type(element, '#body', 'text');
    await choose(element, '#method', 'GET');
    assert.isNull(element.shadowRoot?.querySelector('#body') ?? null);
    run(element);
    await choose(element, '#method', 'POST');
    run(element);
    assert.deepEqual(asked, [
      { method: 'GET', path: '/cards', body: '' },
      { method: 'POST', path: '/cards', body: 'text' },
    ]);
  });

  it('leaves the rest of a path to the user, with the cursor there', async () => {
    const element = await form();
    await choose(element, '#route', 'any');
    await choose(element, '#route', 'GET');
    assert.equal(find<HTMLInputElement>(element, '#path').value, '/cards/');
    assert.strictEqual(element.shadowRoot?.activeElement, find(element, '#path'));
  });

  it('sends with Ctrl and Enter from any field, and stops with Escape', async () => {
    const idle = await form();
    const asked = listen(idle);
    press(find(idle, '#path'), 'Enter', { ctrlKey: true });
    assert.lengthOf(asked, 1);
    const busy = await form({ running: true });
    const stopped = listen(busy);
    press(find(busy, '#path'), 'Escape');
    press(find(busy, '#path'), 'Enter', { metaKey: true });
    run(busy);
    assert.deepEqual(stopped, ['stop', 'stop']);
  });

  it('sends nothing to a plugin that is off', async () => {
    const element = await form({ disabled: true });
    const asked = listen(element);
    press(find(element, '#path'), 'Enter', { ctrlKey: true });
    run(element);
    assert.deepEqual(asked, []);
  });

  it('keeps what was typed for each plugin', async () => {
    const element = await form();
    await type(element, '#path', '/typed');
    element.plugin = 'another';
    await settled(document.body);
    assert.equal(find<HTMLInputElement>(element, '#path').value, '/cards/');
    element.plugin = board.id;
    await settled(document.body);
    assert.equal(find<HTMLInputElement>(element, '#path').value, '/typed');
  });
});
