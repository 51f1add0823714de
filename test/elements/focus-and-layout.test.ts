// What engines have a say in of the smaller elements: where the focus is, and what they lay out. What they show is tested once.

import { assert } from 'chai';
import '../../src/elements/host-calls/host-calls.ts';
import '../../src/elements/log-view/log-view.ts';
import { find, settled, textOf } from '../helpers/render.ts';
import { database, FakeDatabases, press, shownDatabases } from './database-stand-in.ts';
import { call, table } from './host-calls-stand-in.ts';
import { line, view } from './log-view-stand-in.ts';
import { shownTasks } from './task-stand-in.ts';

describe('<cloche-databases>', () => {
  it('has a wide table scroll in itself, also by keys', async () => {
    const element = await shownDatabases(new FakeDatabases([database({})]));
    await press(element, /^Show tables of hasura$/);
    await press(element, /^entries$/);
    assert.equal(find(element, '.scroll').tabIndex, 0, 'what scrolls can be reached by keys');
    assert.isAtMost(element.scrollWidth, element.clientWidth, 'a wide table scrolls in itself');
  });

  it('goes from page to page, keeps the focus, and reads again what it shows', async () => {
    const databases = new FakeDatabases([database({})]);
    const element = await shownDatabases(databases);
    await press(element, /^Show tables/);
    await press(element, /^entries$/);
    const next = [...(element.shadowRoot?.querySelectorAll('button') ?? [])].find((one) => one.textContent === 'Next');
    next?.focus();
    await press(element, /^Next$/);
    assert.deepEqual(databases.asked.at(-1), ['hasura', 'public', 'entries', 50]);
    assert.include(textOf(element), 'Rows 51 to 52');
    assert.isTrue(element.shadowRoot?.activeElement === next, 'the focus stays');
    await press(element, /^Next$/);
    assert.lengthOf(databases.asked, 3, 'there is no more');
    await press(element, /^Look again$/);
    assert.deepEqual(databases.asked.slice(3), [
      ['hasura', 0],
      ['hasura', 'public', 'entries', 50],
    ]);
    await press(element, /^Hide tables/);
    assert.isNull(element.shadowRoot?.querySelector('table') ?? null);
  });
});

describe('<cloche-tasks>', () => {
  it('is not widened by a long name', async () => {
    const { element } = await shownTasks();
    assert.isAtMost(element.scrollWidth, element.clientWidth, 'a long name does not widen it');
  });

  it('stops one by its button, forgets what is over, and keeps the focus', async () => {
    const { element, tasks } = await shownTasks();
    const stop = find<HTMLButtonElement>(element, 'button[aria-label="Stop post-entries"]');
    stop.focus();
    stop.click();
    await settled(element.parentElement as Element);
    assert.deepEqual(tasks.cancelled, ['r']);
    assert.equal(element.shadowRoot?.activeElement?.localName, 'h2');
    find<HTMLButtonElement>(element, 'header button').click();
    await settled(element.parentElement as Element);
    assert.equal(tasks.list.length, 1);
  });
});

describe('<cloche-log-view>', () => {
  it('keeps a line that turns the direction of writing from turning the lines around it', async () => {
    const element = await view([line('\u202eevil')]);
    assert.equal(getComputedStyle(find(element, '.text')).unicodeBidi, 'isolate');
  });

  it('can be scrolled with the keyboard', async () => {
    const element = await view([line('a')]);
    find(element, '[role=region]').focus();
    assert.isTrue(element.shadowRoot?.activeElement === find(element, '[role=region]'), 'it has the focus');
  });
});

describe('<cloche-host-calls>', () => {
  it('draws each time in proportion to the longest', async () => {
    const element = await table([call({ durationMs: 5 }), call({ durationMs: 10 })]);
    const [half, whole] = [...(element.shadowRoot?.querySelectorAll('.bar') ?? [])].map(
      (bar) => bar.getBoundingClientRect().width,
    ) as [number, number];
    assert.approximately(half * 2, whole, 1);
  });
});
