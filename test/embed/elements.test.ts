// The elements as they are shipped: dist/elements.js beside dist/index.js, in a page without a bundler.

import { assert } from 'chai';
import { canary } from '../helpers/canary.ts';
import { framedReport } from './framed-report.ts';

const page = (name: string) =>
  framedReport<unknown>({ src: canary.url(`/static/test/pages/elements.html?case=${name}`) });

describe('dist/elements.js', () => {
  it('shows the page of an installed Windshift plugin', async () => {
    assert.deepEqual(await page('plugin'), { title: 'Stand-up, plugin Stand-up', tab: 'Stand-up' });
  });

  it('reports errors that are instances of the ClocheError of dist/index.js', async () => {
    assert.deepEqual(await page('error'), { code: 'FRAME_FAILED', isOurs: true });
  });

  it('defines the elements once where it is loaded twice', async () => {
    assert.deepEqual(await page('twice'), { isSame: true });
  });
});
