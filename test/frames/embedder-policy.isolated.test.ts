// A host that is cross-origin isolated: its embedder policy refuses frames that do not have it too.

import { assert } from 'chai';
import { engine } from '../helpers/engine.ts';
import { clearStage, page, stage } from './stage.ts';

describe('a plugin frame in a cross-origin isolated page', () => {
  afterEach(clearStage);

  it('works as in any other', async () => {
    if (engine.sharedMemory) assert.isTrue(crossOriginIsolated);
    const demo = await stage({
      'index.html': page(
        `fetch('../status').then(({ status }) => say('result', status));`,
        '<script src="a.js"></script>',
      ),
      'a.js': 'window.early = 1',
    });
    assert.equal((await demo.message<{ value: number }>('result')).value, 200);
  });
});
