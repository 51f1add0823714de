import { assert } from 'chai';
import { html } from 'lit';
import '../../demo/playground/inspector/inspector.ts';
import { type Example, fetchExamples } from '../../demo/playground/examples.ts';
import type { Inspector } from '../../demo/playground/inspector/inspector.ts';
import { Session } from '../../demo/playground/session.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';
import { find, press, renderElement, settled, textOf, until } from '../helpers/render.ts';
import { ASKING, ECHO, exampleOf, loopOf, type Made } from './plugins.ts';

afterEach(closeHosts);

async function inspector(made: Made | Example, exportName?: string): Promise<Inspector> {
  const session = new Session(await makeHost());
  await session.chooseExample('source' in made ? made : await exampleOf(made));
  if (exportName) await session.run(exportName, 'hello');
  await until(() => session.facts.has(made.id), 'the facts');
  return renderElement<Inspector>(html`
    <playground-inspector
      .host=${session.host}
      .plugin=${session.shown}
      .report=${session.reports.get(made.id)}
      .facts=${session.facts.get(made.id)}
    ></playground-inspector>
  `);
}

async function builtExample(folder: string): Promise<Example> {
  const example = (await fetchExamples(location.origin)).find((one) => one.folder === folder);
  if (!example) throw new Error(`Expected the example ${folder}`);
  return example;
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
    const element = await inspector(ASKING, 'echo');
    for (const tab of ['activity', 'plugin', 'module']) {
      await goTo(element, tab);
      await assertAccessible(element);
    }
  });

  it('goes from tab to tab with the arrow keys', async () => {
    const element = await inspector(ASKING);
    const tabs = find<HTMLElement & { value: string }>(element, 'cloche-tabs');
    find(tabs, '#tab-activity').focus();
    press(find(tabs, '#tab-activity'), 'ArrowRight');
    await settled(document.body);
    assert.equal(tabs.value, 'plugin');
    assert.isNotNull(element.shadowRoot?.querySelector('cloche-plugin') ?? null);
  });

  it('fills the bar of the limit that killed the plugin', async () => {
    const timed = bars(await inspector(loopOf(300), 'spin'));
    assert.match(timed[0] ?? '', /^Time killed here [3-9]\d\d of 300 ms$/);
    const bombed = bars(await inspector(await builtExample('memory-bomb'), 'bomb'));
    assert.equal(bombed[1], 'Memory killed here 64 of 64 MiB');
    assert.notInclude(bombed[0], 'killed');
  });

  it('counts a call that failed among those that were not answered', async () => {
    const history = (element: HTMLElement) => textOf(find(find(element, 'playground-usage'), 'p'));
    assert.match(history(await inspector(ECHO, 'echo')), /^1 answered · started/);
    assert.match(history(await inspector(ECHO, 'trap')), /^0 of 1 calls answered · started/);
  });

  it('shows host calls and logs of the plugin', async () => {
    const notes = await inspector(await builtExample('notes'), 'add');
    assert.include(textOf(find(notes, 'cloche-host-calls')), 'kv · kv_update');
    assert.include(textOf(find(await inspector(ECHO, 'say'), 'cloche-audit')), 'hello');
  });

  it('shows the page of the plugin, as in an admin', async () => {
    const element = await inspector(ASKING);
    await goTo(element, 'plugin');
    assert.include(textOf(find(element, 'cloche-plugin')), 'Your notes live there.');
  });

  it('lists exports and imports with their types', async () => {
    const element = await inspector(ECHO);
    await goTo(element, 'module');
    const text = textOf(find(element, 'playground-facts'));
    assert.include(text, 'echo can be called · () -> i32');
    assert.include(text, 'extism:host/env · log_info (i64) -> ()');
    assert.match(text, /SHA-256 [0-9a-f]{64}/);
  });
});
