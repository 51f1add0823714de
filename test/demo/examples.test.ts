import { assert } from 'chai';
import { settingsFor } from '../../demo/playground/example-settings.ts';
import { fetchExamples } from '../../demo/playground/examples.ts';
import { rejectsCode } from '../helpers/expect-code.ts';

const base = new URL('/test/fixtures/playground/', location.href);

describe('the examples', () => {
  it('finds each manifest and module beside the list', async () => {
    const [example] = await fetchExamples(base);
    assert.equal(example?.name, 'Good');
    assert.isTrue(example?.hostile);
    assert.ok(example && 'wasm' in example.source && example.source.wasm instanceof URL);
    assert.equal(example.source.wasm.pathname, '/test/fixtures/playground/plugins/good/dist/plugin.wasm');
  });

  it('finds a package, whose manifest may be of another system', async () => {
    const [, example] = await fetchExamples(base);
    assert.equal(example?.id, 'packed');
    assert.equal(example?.name, 'A package');
    assert.isTrue(example?.source instanceof URL);
    assert.equal(String(example?.source), new URL('plugins/packed/dist/packed.zip', base).href);
  });

  it('finds a component, beside which there is no manifest', async () => {
    const [, , example, ...others] = await fetchExamples(base);
    assert.lengthOf(others, 0);
    assert.deepInclude(example, { id: 'bare', name: 'bare', version: '' });
    assert.equal(String(example?.source), new URL('plugins/bare/dist/plugin.wasm', base).href);
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
