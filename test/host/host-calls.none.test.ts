import { assert } from 'chai';
import { engine } from '../helpers/engine.ts';
import { makeHost } from '../helpers/hosts.ts';
import { assertWayMissing } from './host-calls.contract.ts';

describe('host calls by no way at all', () => {
  assertWayMissing({ hostCalls: 'none' }, /^The host was made with `hostCalls: "none"`;/);

  it('is not what `auto` chooses where the engine has JSPI', async () => {
    const host = await makeHost();
    assert.equal(host.environment.hostCalls, engine.jspi ? 'jspi' : 'none');
    assert.equal(host.environment.isolation, 'opaque-origin');
    if (!engine.jspi) {
      assert.match(host.environment.reason, /no JSPI, and the page is not cross-origin isolated/);
    }
  });
});
