// U1, H11, H13: the channel between a page and its host, with a page that goes at the port itself. What the host takes for a
// message, form by form, is tested in Node.

import { assert } from 'chai';
import { engine } from '../helpers/engine.ts';
import { eventually, pause } from '../helpers/hosts.ts';
import { clearStage, hijack, page, type Stage, stage } from './stage.ts';

const URL_OF = (path: string): string => `${location.origin}/api/plugins/${path}`;

describe('U1: the channel of a page', () => {
  afterEach(clearStage);

  it('takes nothing from another frame of the same kind, though it knows how to speak', async () => {
    // The other frame is in the same document and says all that a page can say, to all windows that it can reach.
    const demo = await stage({
      'index.html': page(`window.heard = [];
        addEventListener('message', ({ data }) => (data.ask ? say('heard', heard.length) : heard.push(data))); say('hello');`),
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
    await pause(100);
    demo.frame.send({ ask: true });
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
    for (let round = 0; round < 2; round++) {
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
    await pause(100);
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
});

describe('what a page sends past the bootstrap', () => {
  const heard: [string, boolean | undefined][] = [];
  let demo: Stage;
  before(async () => {
    const script = `const { port1, port2 } = new MessageChannel();
      send({ type: 'MESSAGE', json: '{"type":"with a port"}' }, [port2]);
      send({ type: 'MESSAGE', json: '{"type":"proto","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}' });
      send({ type: 'MESSAGE', json: '['.repeat(70) + ']'.repeat(70) });
      send({ type: 'NOTE', text: 'x' }); send({ type: 'LINK', url: 'javascript:1' });
      send({ type: 'NOTE', text: 'a\\n\\u202eb' }); say('done');`;
    demo = await stage({ 'index.html': hijack(script) }, { warn: (text, byPage) => heard.push([text, byPage]) });
    await demo.message('done');
  });
  after(clearStage);

  it('drops ports that come with a message', async () => {
    assert.deepEqual({ ...(await demo.message('with a port')) }, { type: 'with a port' });
  });

  it('hands over messages as plain data', async () => {
    const message = await demo.message('proto');
    assert.isNull(Object.getPrototypeOf(message));
    assert.isUndefined(({} as { polluted?: number }).polluted);
  });

  it('drops a message that is nested too deep, and says so', () => {
    assert.match(heard.map(([text]) => text).join(), /nested deeper/);
    // Those of the page are its hello, its end and two others.
    assert.lengthOf(demo.messages, 4);
  });

  it('tells the words of a page from those of the host', () => {
    assert.lengthOf(heard, 4);
    assert.deepInclude(heard, ['demo: x', true]);
    assert.deepInclude(heard, ['demo: A link to javascript:1 was not followed', undefined]);
  });

  it('shows warnings without what moves or hides text', () => assert.deepInclude(heard, ['demo: a\\n\\u202eb', true]));
});

describe('H13: what is not a message of a page', () => {
  afterEach(clearStage);

  const bad: [string, string][] = [
    ['a text', "send('x')"],
    ['a body of 17 MiB', "request({ url: 'x', body: new ArrayBuffer(17 << 20) })"],
    ['more in its headers than belongs there', "request({ headers: Object.assign([['a', 'b']], { extra: 1 }) })"],
    ['65 requests at once', `for (let id = 0; id < 65; id++) request({ id, url: '${URL_OF('demo/slow')}' })`],
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
      'index.html': hijack(`for (let i = 0; i < 30_000; i++) send({ type: 'MESSAGE', json: '{"type":"flood"}' });`),
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
      'index.html': page(`for (let i = 0; i < 30_000; i++) window.top.postMessage({ type: 'CLOCHE_PAGE' }, '*');`),
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
});

describe('a page that reaches for what is not its own', () => {
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
  let asking: Stage;
  let hijacked: Stage;
  before(async () => {
    asking = await stage({
      'index.html': page(`for (const url of ${JSON.stringify(others)})
        fetch(url).then(() => say(url, 'answered'), (error) => say(url, error.name));`),
    });
    hijacked = await stage({
      'index.html': hijack(`port.addEventListener('message', ({ data }) => say(String(data.id), data.type));
        ${JSON.stringify(others)}.forEach((url, id) => request({ id, url }));
        request({ id: 99, url: '${URL_OF('demo/x')}', method: 'TRACE' });`),
    });
  });
  after(clearStage);

  for (const [id, url] of others.entries()) {
    it(`gets a failed request for ${url}`, async () => {
      assert.equal((await asking.message<{ value: string }>(url)).value, 'TypeError');
      assert.isEmpty(asking.requests);
    });

    it(`gets no answer past the bootstrap for ${url}`, async () => {
      assert.equal((await hijacked.message<{ value: string }>(String(id))).value, 'FAILURE');
      assert.isEmpty(hijacked.requests);
      assert.include(hijacked.warnings, `demo: GET ${url}: it is not below the own path of the plugin`);
    });
  }

  it('cannot take a method that browsers forbid', async () => {
    assert.equal((await hijacked.message<{ value: string }>('99')).value, 'FAILURE');
    assert.isEmpty(hijacked.requests);
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
  let most = 0;
  let now = 0;
  let signal: AbortSignal | undefined;
  let demo: Stage;

  async function answer({ url, signal: given }: Request): Promise<Response> {
    const { pathname } = new URL(url);
    if (pathname.endsWith('/big')) return new Response(new Uint8Array((16 << 20) + 1));
    if (pathname.endsWith('/slow')) {
      signal = given;
      return new Promise(() => undefined);
    }
    most = Math.max(most, ++now);
    await pause(5);
    now--;
    return new Response(pathname);
  }

  before(async () => {
    demo = await stage(
      {
        'index.html': page(`(async () => {
          const all = await Promise.all(Array.from({ length: 100 }, (_, i) => fetch('../n/' + i).then((r) => r.text())));
          say('many', all.filter((text, i) => text === '/api/plugins/demo/n/' + i).length);
          await fetch('../big').catch((error) => say('big', error.name));
          fetch('../slow');
        })();`),
      },
      { fetch: answer },
    );
  });
  after(clearStage);

  it('lets more requests wait than may be under way at once', async () => {
    assert.equal((await demo.message<{ value: number }>('many')).value, 100);
    assert.isAtMost(most, 64);
    assert.isAbove(most, 4);
  });

  it('fails a request whose answer is larger than 16 MiB, and says so', async () => {
    assert.equal((await demo.message<{ value: string }>('big')).value, 'TypeError');
    assert.match(demo.warnings.join(), /larger than 16777216 bytes/);
  });

  it('aborts what the page waits for when the frame is closed', async () => {
    await eventually(() => signal !== undefined, 'the request to arrive');
    demo.frame.close();
    assert.isTrue(signal?.aborted);
    assert.isEmpty(demo.failures);
    assert.isFalse(demo.frame.element.isConnected);
  });
});
