import { assert } from 'chai';
import { html } from 'lit';
import { type Example, fetchExamples } from '../../demo/playground/examples.ts';
import '../../demo/playground/workbench/workbench.ts';
import type { Workbench } from '../../demo/playground/workbench/workbench.ts';
import type { ExtensionFailedEvent } from '../../src/elements/extension/extension-events.ts';
import type { Host } from '../../src/index.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { makeHost } from '../helpers/hosts.ts';
import { find, renderElement, settled, textOf } from '../helpers/render.ts';

/** One with pages and routes, and one with exports alone. */
const [PAGES, EXPORTS] = ['standup', 'notes'];

let host: Host;
before(async () => {
  host = await makeHost();
  const examples: readonly Example[] = await fetchExamples(location.origin);
  for (const { folder, source } of examples) if (folder === PAGES || folder === EXPORTS) await host.install(source);
});

const workbench = (id = ''): Promise<Workbench> =>
  renderElement<Workbench>(html`<playground-workbench .host=${host} .plugin=${host.get(id)}></playground-workbench>`);

const isShown = (element: Workbench, selector: string): boolean =>
  find(element, selector).getBoundingClientRect().height > 0;

describe('<playground-workbench>', () => {
  it('offers exports and no tabs for a plugin without pages and routes', async () => {
    const element = await workbench(EXPORTS);
    assert.isTrue(isShown(element, 'playground-call-form'));
    assert.isFalse(isShown(element, 'playground-route-form'));
    assert.isNull(element.shadowRoot?.querySelector('cloche-extension') ?? null);
    assert.isNull(find(element, 'cloche-tabs').shadowRoot?.querySelector('[role=tab]') ?? null);
    await assertAccessible(element);
  });

  it('shows the page of a plugin that has one, and its routes behind a tab', async () => {
    const element = await workbench(PAGES);
    const failures: ExtensionFailedEvent[] = [];
    element.addEventListener('extensionfailed', (event) => failures.push(event));
    assert.isTrue(isShown(element, 'cloche-extension'));
    assert.isFalse(isShown(element, 'playground-route-form'));
    const tab = find(element, 'cloche-tabs', '#tab-call');
    assert.equal(textOf(tab), 'Routes');
    tab.click();
    await settled(document.body);
    assert.isTrue(isShown(element, 'playground-route-form'));
    assert.isFalse(isShown(element, 'playground-call-form'));
    assert.isFalse(isShown(element, 'cloche-extension'));
    assert.deepEqual(failures, []);
    await assertAccessible(element);
  });

  it('keeps what was typed when another plugin is looked at', async () => {
    const element = await workbench(PAGES);
    find(element, 'cloche-tabs', '#tab-call').click();
    await settled(document.body);
    const path = find<HTMLInputElement>(element, 'playground-route-form', '#path');
    path.value = '/typed';
    path.dispatchEvent(new InputEvent('input', { bubbles: true }));
    for (const id of [EXPORTS, PAGES]) {
      element.plugin = host.get(id ?? '');
      await settled(document.body);
    }
    assert.equal(find<HTMLInputElement>(element, 'playground-route-form', '#path').value, '/typed');
  });
});
