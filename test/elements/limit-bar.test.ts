import { assert } from 'chai';
import { html } from 'lit';
import '../../src/elements/limit-bar/limit-bar.ts';
import type { ClocheLimitBar } from '../../src/elements/limit-bar/limit-bar.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement, textOf } from '../helpers/render.ts';

const MIB = 1 << 20;

const bar = (used: number | undefined, killed = false) =>
  renderElement<ClocheLimitBar>(
    html`<cloche-limit-bar label="Memory" .used=${used} .cap=${64 * MIB} .killed=${killed}></cloche-limit-bar>`,
  );

describe('<cloche-limit-bar>', () => {
  it('passes the axe checks, near its limit and killed', async () => {
    await assertAccessible(
      await renderElement(html`
        <div>
          <cloche-limit-bar label="Time" unit="ms" .used=${4_100} .cap=${5_000}></cloche-limit-bar>
          <cloche-limit-bar label="Memory" .used=${64 * MIB} .cap=${64 * MIB} killed></cloche-limit-bar>
        </div>
      `),
    );
  });

  it('says what is used of what in one line, to screen readers too', async () => {
    const element = await bar(12.4 * MIB);
    assert.equal(textOf(element), 'Memory 12.4 of 64 MiB');
    const meter = find(element, '[role=meter]');
    assert.equal(meter.getAttribute('aria-valuetext')?.replaceAll('\u00a0', ' '), '12.4 of 64 MiB');
    assert.equal(meter.getAttribute('aria-valuemax'), String(64 * MIB));
  });

  it('warns from 80 % on, in words and colour', async () => {
    assert.notInclude(textOf(await bar(51 * MIB)), 'near the limit');
    const near = await bar(52 * MIB);
    assert.include(textOf(near), 'near the limit');
    assert.include(textOf(await bar(64 * MIB)), 'at the limit');
    const calm = await bar(1);
    assert.notEqual(fillColor(near), fillColor(calm));
  });

  it('says that its limit killed the plugin', async () => {
    const killed = await bar(64 * MIB, true);
    assert.include(textOf(killed), 'killed here');
    assert.notEqual(fillColor(killed), fillColor(await bar(63 * MIB)));
  });

  it('stays within its track when more was used than allowed', async () => {
    const element = await bar(100 * MIB);
    const [fill, track] = [find(element, '.fill'), find(element, '.track')];
    assert.approximately(fill.getBoundingClientRect().width, track.getBoundingClientRect().width, 0.5);
    assert.equal(track.getAttribute('aria-valuenow'), String(64 * MIB));
  });

  it('is empty when nothing was measured', async () => {
    assert.equal(find(await bar(undefined), '.fill').getBoundingClientRect().width, 0);
  });
});

function fillColor(element: ClocheLimitBar): string {
  return getComputedStyle(find(element, '.fill')).backgroundColor;
}
