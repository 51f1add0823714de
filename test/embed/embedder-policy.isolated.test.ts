// A page with `Cross-Origin-Embedder-Policy: require-corp`, below which WebKit loads no blob worker in the cell.

import { assert } from 'chai';
import { createHost } from '../../src/host/create-host.ts';

describe('a cross-origin isolated page', () => {
  it('runs plugins', async () => {
    assert.isTrue(crossOriginIsolated);
    const host = await createHost({ storage: 'test-isolated' });
    const plugin = await host.open(new URL('/plugins/count-vowels/manifest.json', location.href));
    const output = await plugin.call('count_vowels', 'Hello');
    assert.equal(output.text(), '{"count":2,"total":2,"vowels":"aeiouAEIOU"}', host.environment.reason);
    await host.close();
  });
});
