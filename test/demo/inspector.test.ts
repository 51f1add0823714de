import { assert } from 'chai';
import { html } from 'lit';
import '../../demo/playground/inspector/inspector.ts';
import type { Inspector } from '../../demo/playground/inspector/inspector.ts';
import { Session } from '../../demo/playground/session.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, press, renderElement, settled, textOf, until } from '../helpers/render.ts';
import { exampleOf, loop, memoryBomb, notes, SCRIPTS } from './scripts.ts';
import { StandInHost } from './stand-in.ts';

async function inspector(id: string, exportName?: string): Promise<Inspector> {
  const session = new Session(new StandInHost(SCRIPTS));
  await session.chooseExample(exampleOf(SCRIPTS.find((script) => script.id === id) ?? notes));
  if (exportName) await session.run(exportName, 'hello');
  return renderElement<Inspector>(html`
    <playground-inspector
      .host=${session.host}
      .plugin=${session.shown}
      .report=${session.reports.get(id)}
      .facts=${session.facts.get(id)}
      .hostLimits=${DEFAULT_LIMITS}
    ></playground-inspector>
  `);
}

async function goTo(element: Inspector, tab: string): Promise<void> {
  find(element, 'cloche-tabs', `#tab-${tab}`).click();
  await settled(document.body);
}

const bars = (element: Inspector): string[] =>
  [...(find(element, 'playground-usage').shadowRoot?.querySelectorAll('cloche-limit-bar') ?? [])].map((bar) =>
    textOf(bar),
  );

describe('<playground-inspector>', () => {
  it('passes the axe checks on each tab', async () => {
    const element = await inspector(notes.id, 'add');
    for (const tab of ['activity', 'manifest', 'settings']) {
      await goTo(element, tab);
      await assertAccessible(element);
    }
  });

  it('goes from tab to tab with the arrow keys', async () => {
    const element = await inspector(notes.id);
    const tabs = find<HTMLElement & { value: string }>(element, 'cloche-tabs');
    find(tabs, '#tab-activity').focus();
    press(find(tabs, '#tab-activity'), 'ArrowRight');
    await settled(document.body);
    assert.equal(tabs.value, 'manifest');
    assert.isNotNull(element.shadowRoot?.querySelector('playground-facts') ?? null);
  });

  it('fills the bar of the limit that killed the plugin', async () => {
    const timed = bars(await inspector(loop.id, 'spin'));
    assert.match(timed[0] ?? '', /^Time killed here 6\d\d of 600 ms$/);
    const bombed = bars(await inspector(memoryBomb.id, 'grow'));
    assert.equal(bombed[1], 'Memory killed here 64 of 64 MiB');
    assert.notInclude(bombed[0], 'killed');
  });

  it('counts a call that was killed among those that were not answered', async () => {
    const history = (element: HTMLElement) => textOf(find(find(element, 'playground-usage'), 'p'));
    assert.match(history(await inspector('count-vowels', 'count_vowels')), /^1 answered · started/);
    assert.match(history(await inspector(loop.id, 'spin')), /^0 of 1 calls answered · killed once · started/);
  });

  it('shows host calls and logs of the plugin', async () => {
    const element = await inspector(notes.id, 'add');
    assert.include(textOf(find(element, 'cloche-host-calls')), 'kv · kv_write');
    const vowels = await inspector('count-vowels', 'count_vowels');
    assert.include(textOf(find(vowels, 'cloche-audit')), 'read 5 bytes');
  });

  it('sets what a plugin reads as its config', async () => {
    const element = await inspector('count-vowels');
    await goTo(element, 'settings');
    const config = find(element, 'cloche-config');
    find<HTMLElement>(config, '.add').click();
    await settled(document.body);
    const [name, value] = [...(config.shadowRoot?.querySelectorAll('input') ?? [])].slice(-2);
    for (const [field, text] of [
      [name, 'numbers'],
      [value, 'roman'],
    ] as const) {
      Object.assign(field ?? {}, { value: text });
      field?.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await settled(document.body);
    }
    find<HTMLFormElement>(config, 'form').requestSubmit();
    await until(() => element.plugin?.config.get('numbers') === 'roman', 'the setting to be there');
  });

  it('lists exports and imports with their types', async () => {
    const element = await inspector('count-vowels');
    await goTo(element, 'manifest');
    const text = textOf(find(element, 'playground-facts'));
    assert.include(text, 'count_vowels can be called · () -> i32');
    assert.include(text, 'extism:host/env · input_load_u64 (i64) -> i64');
    assert.include(text, 'ab'.repeat(32));
  });
});
