// The frame itself: how it opens, the channel it gives, and how it ends.

import { assert } from 'chai';
import { clearStage, page, stage } from './stage.ts';

describe('a plugin frame', () => {
  afterEach(clearStage);

  it('takes messages of the page and posts to it with the origin of the host', async () => {
    const demo = await stage({
      'index.html': page(`addEventListener('message', (event) => say('heard', {
        data: event.data, origin: event.origin, fromParent: event.source === window.parent }));
      say('hello', 1);`),
    });
    await demo.message('hello');
    demo.frame.send({ type: 'host:themeUpdate', variables: {} });
    const { value } = await demo.message('heard');
    assert.deepEqual(value as unknown, {
      data: { type: 'host:themeUpdate', variables: {} },
      origin: location.origin,
      fromParent: true,
    });
  });

  it('lets the page fetch from its plugin while it loads', async () => {
    const demo = await stage(
      {
        'index.html': `<!doctype html><script type="module">
          const response = await fetch('/api/plugins/demo/config', { method: 'POST', body: '{"a":1}',
            headers: { 'Content-Type': 'application/json' } });
          window.parent.postMessage({ type: 'got', status: response.status, url: response.url,
            answer: await response.json() }, '*');
        </script>`,
      },
      {
        fetch: async (request) =>
          Response.json({ heard: await request.json(), type: request.headers.get('content-type') }),
      },
    );
    const got = await demo.message('got');
    assert.deepEqual({ ...got, answer: { ...(got.answer as object) } }, {
      type: 'got',
      status: 200,
      url: `${location.origin}/api/plugins/demo/config`,
      answer: { heard: { a: 1 }, type: 'application/json' },
    } as unknown as typeof got);
    assert.deepEqual(demo.requests, ['POST /api/plugins/demo/config']);
  });
});
