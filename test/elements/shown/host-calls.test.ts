import { assert } from 'chai';
import '../../../src/elements/host-calls/host-calls.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { find, textOf } from '../../helpers/render.ts';
import { call, table } from '../host-calls-stand-in.ts';

describe('<cloche-host-calls>', () => {
  it('passes the axe checks, with a failed call among them', async () => {
    await assertAccessible(await table([call(), call({ outcome: 'PERMISSION_DENIED' })]));
  });

  it('shows function, sizes and time of each call in the order they were made', async () => {
    const element = await table([call({ durationMs: 0.6 }), call({ name: 'kv_write', durationMs: 12 })]);
    const rows = [...(element.shadowRoot?.querySelectorAll('tbody tr') ?? [])].map((row) => textOf(row));
    assert.deepEqual(rows, ['kv · kv_read 5 bytes 40 bytes 0.6 ms', 'kv · kv_write 5 bytes 40 bytes 12 ms']);
  });

  it('shows how many calls a record tells of', async () => {
    const element = await table([call({ leasedCalls: 300, durationMs: 0 })]);
    assert.equal(textOf(find(element, 'tbody tr')), 'kv · kv_read × 300 5 bytes 40 bytes 0 ms');
  });

  it('names the code of a call that failed and shows no answer for it', async () => {
    const element = await table([call({ outcome: 'PERMISSION_DENIED' })]);
    assert.include(textOf(find(element, '.failed')), 'PERMISSION_DENIED');
    assert.notInclude(textOf(find(element, '.failed')), '40 bytes');
  });

  it('draws at most 100 rows of a flood', async () => {
    const element = await table(Array.from({ length: 1_000 }, () => call()));
    assert.equal(element.shadowRoot?.querySelectorAll('tbody tr').length, 100);
    assert.include(textOf(element), '900 earlier calls not shown');
  });

  it('shows its slot when there was none', async () => {
    const element = await table([]);
    assert.isNull(element.shadowRoot?.querySelector('table') ?? null);
    assert.equal(find<HTMLSlotElement>(element, 'slot').assignedNodes()[0]?.textContent, 'Nothing was asked.');
  });
});
