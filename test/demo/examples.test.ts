import { assert } from 'chai';
import { settingsFor } from '../../demo/playground/example-settings.ts';
import { fetchExamples } from '../../demo/playground/examples.ts';
import { rejectsCode } from '../helpers/expect-code.ts';

const base = new URL('/test/fixtures/playground/', location.href);

describe('the examples', () => {
  it('finds each manifest and module beside the list', async () => {
    const [example, ...others] = await fetchExamples(base);
    assert.lengthOf(others, 0);
    assert.equal(example?.name, 'Good');
    assert.isTrue(example?.hostile);
    assert.equal(example?.wasm.pathname, '/test/fixtures/playground/plugins/good/dist/plugin.wasm');
  });

  it('rejects with FETCH_FAILED where no list is', async () => {
    await rejectsCode('FETCH_FAILED', fetchExamples(new URL('/test/fixtures/nowhere/', location.href)));
  });

  it('grants the quote example the one site that has its quotes', async () => {
    const [example] = await fetchExamples(base);
    assert.ok(example);
    assert.deepEqual(settingsFor(example), {});
    const { grant, config } = settingsFor({ ...example, id: 'quote' });
    assert.deepEqual(grant, { http: { allow: [location.origin], methods: ['GET'] } });
    assert.equal(config?.url, new URL('plugins/good/quotes.json', base).href);
  });
});
