// U1, H11, H13: the channel between a page and its host, with a page that goes at the port itself.

import { assert } from 'chai';
import { engine } from '../helpers/engine.ts';
import { eventually, pause } from '../helpers/hosts.ts';
import { clearStage, hijack, page, stage } from './stage.ts';

const URL_OF = (path: string): string => `${location.origin}/api/plugins/${path}`;

describe('U1: the channel of a page', () => {
  afterEach(clearStage);

  it('takes nothing from another frame of the same kind, though it knows how to speak', async () => {
    // The other frame is in the same document and says all that a page can say, to all windows that it can reach.
    const demo = await stage({
      'index.html': page(`window.heard = []; addEventListener('message', (event) => heard.push(event.data));
      setTimeout(() => say('heard', heard.length), 800); say('hello');`),
    });
    await demo.message('hello');
    const other = await stage({
      'index.html': page(`const host = window.top, all = [host];
        for (let i = 0; i < host.length; i++) { all.push(host[i]); for (let j = 0; j < host[i].length; j++) all.push(host[i][j]); }
        const { port1 } = new MessageChannel();
        for (const type of ['CLOCHE_PAGE', 'CLOCHE_NAVIGATED', 'MESSAGE', 'host:modalResult']) {
          for (const one of all) one.postMessage({ type, nonce: 'x', json: '{"type":"forged"}' }, '*');
        }
        for (const one of all) try { one.postMessage({ type: 'CLOCHE_PAGE', nonce: 'x' }, '*', [new MessageChannel().port1]) } catch {}
        say('done', all.length);`),
    });
    assert.isAbove((await other.message<{ value: number }>('done')).value, 4);
    assert.equal((await demo.message<{ value: number }>('heard')).value, 0);
    assert.isEmpty(demo.failures);
    assert.isFalse(demo.messages.some((message) => (message as { type: string }).type === 'forged'));
  });

  it('U15: hears nothing of other frames while it opens, and nothing fails over them', async () => {
    const errors: string[] = [];
    const note = ({ message }: ErrorEvent): void => void errors.push(message);
    addEventListener('error', note);
    // Also at the moment in which the outer frame is there, and the inner one is not.
    const watch = new MutationObserver(() => window.postMessage('now', '*'));
    watch.observe(document.body, { childList: true });
    const other = document.createElement('iframe');
    other.setAttribute('sandbox', 'allow-scripts');
    other.srcdoc = `<script>setInterval(() => parent.postMessage({ type: 'CLOCHE_PAGE', nonce: 'x' }, '*'), 1)</script>`;
    const heard = new Promise((resolve) => addEventListener('message', resolve, { once: true }));
    document.body.append(other);
    await heard;
    for (let round = 0; round < 5; round++) {
      const demo = await stage({ 'index.html': page(`say('hello')`) });
      await demo.message('hello');
      assert.isEmpty(demo.failures);
      demo.frame.close();
    }
    watch.disconnect();
    other.remove();
    removeEventListener('error', note);
    assert.isEmpty(errors);
  });

  it('takes nothing that is posted to the window of the host, once it has a port', async () => {
    const demo = await stage({
      'index.html': page(`window.top.postMessage({ type: 'past the port' }, '*');
        window.top.postMessage({ type: 'MESSAGE', json: '{"type":"past the port"}' }, '*'); say('done');`),
    });
    await demo.message('done');
    await pause(200);
    assert.lengthOf(demo.messages, 1);
  });

  it('lets the page talk to itself, and its messages bear its origin', async () => {
    const demo = await stage({
      'index.html':
        page(`addEventListener('message', (event) => { if (event.data === 'me') say('self', event.origin === location.origin) });
        window.postMessage('me', location.origin);`),
    });
    assert.isTrue((await demo.message<{ value: boolean }>('self')).value);
  });

  it('drops ports that come with a message', async () => {
    const demo = await stage({
      'index.html': hijack(`const { port1, port2 } = new MessageChannel();
        send({ type: 'MESSAGE', json: '{"type":"with a port"}' }, [port2]);`),
    });
    assert.deepEqual({ ...(await demo.message('with a port')) }, { type: 'with a port' });
  });

  it('hands over messages as plain data', async () => {
    const demo = await stage({
      'index.html': hijack(
        `send({ type: 'MESSAGE', json: '{"type":"proto","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}' });`,
      ),
    });
    const message = await demo.message('proto');
    assert.isNull(Object.getPrototypeOf(message));
    assert.isUndefined(({} as { polluted?: number }).polluted);
  });
});

describe('H13: what is not a message of a page', () => {
  afterEach(clearStage);

  const bad: [string, string][] = [
    ['a text', "send('x')"],
    ['an unknown type', "send({ type: 'EVAL', code: '1' })"],
    ['no JSON text', "send({ type: 'MESSAGE', json: {} })"],
    ['a message longer than 1 MiB', "send({ type: 'MESSAGE', json: JSON.stringify('x'.repeat(1 << 20)) })"],
    ['a request with no id', 'request({ id: -1 })'],
    ['a request with no URL', 'request({ url: null })'],
    ['a request with a URL that is an object', "request({ url: { toString: 'x' } })"],
    ['a request with a long URL', "request({ url: 'x'.repeat(8193) })"],
    ['headers that are not pairs', "request({ url: 'x', headers: ['a: b'] })"],
    ['a thousand headers', "request({ url: 'x', headers: Array(1000).fill(['a', 'b']) })"],
    ['headers of a megabyte', "request({ url: 'x', headers: [['a', 'b'.repeat(1 << 20)]] })"],
    ['a body that is not a buffer', "request({ url: 'x', body: 'text' })"],
    ['a body of 17 MiB', "request({ url: 'x', body: new ArrayBuffer(17 << 20) })"],
    ['an endless note', "send({ type: 'NOTE', text: 'x'.repeat(501) })"],
    ['more in a message than belongs there', "send({ type: 'PONG', extra: 1 })"],
    ['more in its headers than belongs there', "request({ headers: Object.assign([['a', 'b']], { extra: 1 }) })"],
    ['65 requests at once', `for (let id = 0; id < 65; id++) request({ id, url: '${URL_OF('demo/slow')}' })`],
    ['two requests of one id', `for (let i = 0; i < 2; i++) request({ url: '${URL_OF('demo/slow')}' })`],
  ];
  for (const [what, script] of bad) {
    it(`ends the page: ${what}`, async () => {
      const demo = await stage({ 'index.html': hijack(script) }, { fetch: () => new Promise(() => undefined) });
      assert.equal((await demo.failure()).code, 'FRAME_FAILED');
      assert.isFalse(demo.frame.element.isConnected);
      assert.lengthOf(demo.failures, 1);
    });
  }

  it('H11: ends the page at a flood, and the host stays responsive', async () => {
    let last = performance.now();
    let longest = 0;
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    const demo = await stage({
      'index.html': hijack(`for (let i = 0; i < 100_000; i++) send({ type: 'MESSAGE', json: '{"type":"flood"}' });`),
    });
    const end = await demo.failure();
    clearInterval(timer);
    assert.equal(end.code, 'FRAME_FAILED');
    assert.match(end.message, /more messages than a page may/);
    assert.isAtMost(demo.messages.length, 3_000);
    // Elsewhere the flood itself is what runs.
    if (engine.framesApart) assert.isBelow(longest, 1_000);
  });

  it('H11: ends the page at a flood of windows’ messages', async () => {
    const demo = await stage({
      'index.html': page(`for (let i = 0; i < 100_000; i++) window.top.postMessage({ type: 'CLOCHE_PAGE' }, '*');`),
    });
    assert.equal((await demo.failure()).code, 'FRAME_FAILED');
  });

  it('H11: ends the page at windows’ messages that take long to read', async () => {
    // Elsewhere a message is read before anybody hears of it, and only their number counts.
    const script = engine.framesApart
      ? `const large = Array.from({ length: 200_000 }, (_, i) => ({ i }));
         // One at a time, so that the page still answers when it is asked. It ends, so that the test does if nobody ends it.
         let left = 80;
         const timer = setInterval(() => (left-- > 0 ? window.top.postMessage({ large }, '*') : clearInterval(timer)));`
      : `for (let i = 0; i < 1_100; i++) window.top.postMessage({ large: [1] }, '*');`;
    const demo = await stage({ 'index.html': page(script) });
    assert.match((await demo.failure()).message, /more messages than a page may/);
  });

  it('drops a message that is nested too deep, and says so', async () => {
    const demo = await stage({
      'index.html': hijack(`send({ type: 'MESSAGE', json: '['.repeat(70) + ']'.repeat(70) }); say('after');`),
    });
    await demo.message('after');
    assert.match(demo.warnings.join(), /nested deeper/);
  });
});

describe('a page that reaches for what is not its own', () => {
  afterEach(clearStage);

  const others = [
    URL_OF('other/config'),
    URL_OF('demo/../other/config'),
    URL_OF('demo/%2e%2e/other/config'),
    URL_OF('demo/..%2fother/config'),
    `${location.origin}/api/users`,
    `${location.origin}/`,
    `//${location.host}/api/plugins/other/x`,
    'https://elsewhere.example/api/plugins/demo/config',
  ];
  for (const url of others) {
    it(`gets a failed request for ${url}`, async () => {
      const demo = await stage({
        'index.html': page(
          `fetch(${JSON.stringify(url)}).then(() => say('result', 'answered'), (error) => say('result', error.name));`,
        ),
      });
      assert.equal((await demo.message<{ value: string }>('result')).value, 'TypeError');
      assert.isEmpty(demo.requests);
    });

    it(`gets no answer past the bootstrap for ${url}`, async () => {
      const demo = await stage({
        'index.html': hijack(
          `port.addEventListener('message', ({ data }) => say('result', data.type)); request({ url: ${JSON.stringify(url)} });`,
        ),
      });
      assert.equal((await demo.message<{ value: string }>('result')).value, 'FAILURE');
      assert.isEmpty(demo.requests);
      assert.match(demo.warnings.join(), /not below the own path/);
    });
  }

  it('cannot take a method that browsers forbid', async () => {
    const demo = await stage({
      'index.html': hijack(`port.addEventListener('message', ({ data }) => say('result', data.type));
        request({ url: '${URL_OF('demo/x')}', method: 'TRACE' });`),
    });
    assert.equal((await demo.message<{ value: string }>('result')).value, 'FAILURE');
    assert.isEmpty(demo.requests);
  });

  it('N13: gets nothing of the host into its requests', async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie is the bait; WebKit has no Cookie Store
    document.cookie = 'session=secret';
    let seen: [string, string][] = [];
    const demo = await stage(
      {
        'index.html':
          hijack(`port.addEventListener('message', ({ data }) => { if (data.type === 'RESPONSE') say('result') });
          request({ url: '${URL_OF('demo/x')}', headers: [['Cookie', 'a=b'], ['Origin', 'https://evil.example'], ['X-Own', '1']] });`),
      },
      {
        fetch: async (request) => {
          seen = [...request.headers];
          return new Response('{}');
        },
      },
    );
    await demo.message('result');
    // biome-ignore lint/suspicious/noDocumentCookie: as above
    document.cookie = 'session=; max-age=0';
    assert.deepEqual(seen, [['x-own', '1']]);
  });
});

describe('the host’s side of a page', () => {
  afterEach(clearStage);

  it('aborts what the page waits for when the frame is closed', async () => {
    let signal: AbortSignal | undefined;
    const demo = await stage(
      { 'index.html': page(`fetch('../slow');`) },
      {
        fetch: (request) => {
          signal = request.signal;
          return new Promise(() => undefined);
        },
      },
    );
    await eventually(() => signal !== undefined, 'the request to arrive');
    demo.frame.close();
    assert.isTrue(signal?.aborted);
    assert.isEmpty(demo.failures);
    assert.isFalse(demo.frame.element.isConnected);
  });

  it('lets more requests wait than may be under way at once', async () => {
    let most = 0;
    let now = 0;
    const demo = await stage(
      {
        'index.html': page(`Promise.all(Array.from({ length: 200 }, (_, i) => fetch('../n/' + i).then((r) => r.text())))
          .then((all) => say('result', all.filter((text, i) => text === '/api/plugins/demo/n/' + i).length));`),
      },
      {
        fetch: async (request) => {
          most = Math.max(most, ++now);
          await pause(5);
          now--;
          return new Response(new URL(request.url).pathname);
        },
      },
    );
    assert.equal((await demo.message<{ value: number }>('result')).value, 200);
    assert.isAtMost(most, 64);
    assert.isAbove(most, 4);
  });

  it('fails a request whose answer is larger than 16 MiB, and says so', async () => {
    const demo = await stage(
      { 'index.html': page(`fetch('../big').catch((error) => say('result', error.name));`) },
      { fetch: async () => new Response(new Uint8Array((16 << 20) + 1)) },
    );
    assert.equal((await demo.message<{ value: string }>('result')).value, 'TypeError');
    assert.match(demo.warnings.join(), /larger than 16777216 bytes/);
  });

  it('tells the words of a page from those of the host', async () => {
    const heard: [string, boolean | undefined][] = [];
    const warn = (text: string, byPage?: boolean) => heard.push([text, byPage]);
    const script = `send({ type: 'NOTE', text: 'x' }); send({ type: 'LINK', url: 'javascript:1' }); say('done');`;
    const demo = await stage({ 'index.html': hijack(script) }, { warn });
    await demo.message('done');
    assert.deepEqual(heard, [
      ['demo: x', true],
      ['demo: A link to javascript:1 was not followed', undefined],
    ]);
  });

  it('shows warnings without what moves or hides text', async () => {
    const demo = await stage({ 'index.html': hijack(`send({ type: 'NOTE', text: 'a\\n\\u202eb' }); say('done');`) });
    await demo.message('done');
    assert.deepEqual(demo.warnings, ['demo: a\\n\\u202eb']);
  });
});
