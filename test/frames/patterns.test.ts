// What real plugin pages do, row by row of 'Patterns in the wild', and what their bundlers write.

import { assert } from 'chai';
import { clearStage, type Files, keepStage, page, type Stage, stage } from './stage.ts';

const ORIGIN = location.origin;

/** A red square of one pixel. */
const PIXEL = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP4z8DwHwAFAAH/VscvDQAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
);

/** The first value that a page says as `result`. */
async function result(files: Files, options: Parameters<typeof stage>[1] = {}): Promise<unknown> {
  const demo = await stage(files, options);
  return (await demo.message('result')).value;
}

describe('a plugin page', () => {
  afterEach(clearStage);

  const places: [string, string, unknown][] = [
    ['its id in the path', "window.location.pathname.split('/')[3]", 'demo'],
    ['its id by a bare name', "location.pathname.split('/')[3]", 'demo'],
    ['its id by the document', "document.location.pathname.split('/')[3]", 'demo'],
    [
      'its id by self and globalThis',
      'self.location.href + globalThis.location.host',
      `${ORIGIN}/api/plugins/demo/assets/index.html${location.host}`,
    ],
    ['the origin of the host', 'location.origin', ORIGIN],
    ['the origin of the host where a page says `origin`', 'window.origin', ORIGIN],
    ['the host as its first ancestor', 'location.ancestorOrigins[0]', ORIGIN],
    ['its base', 'document.baseURI', `${ORIGIN}/api/plugins/demo/assets/index.html`],
    ['its URL', 'document.URL', `${ORIGIN}/api/plugins/demo/assets/index.html`],
    [
      'a location that URLs are made from',
      "new URL('./status', window.location).pathname",
      '/api/plugins/demo/assets/status',
    ],
    [
      'a location that is taken apart',
      '(() => { const { location, document } = window; return location.port + document.title })()',
      `${location.port}Demo`,
    ],
    ['that it is framed', 'window.self !== window.top && window.parent !== window', true],
    ['no element that frames it', 'window.frameElement', null],
  ];
  let placed: Stage;
  before(async () => {
    const script = places.map(([, expression], at) => `say('place ${at}', ${expression});`).join('\n');
    placed = await stage({ 'index.html': page(script) });
    keepStage(placed);
  });
  after(() => placed.frame.close());
  for (const [at, [what, , expected]] of places.entries()) {
    it(`finds ${what}`, async () => assert.deepEqual((await placed.message(`place ${at}`)).value, expected));
  }

  it('posts to its parent with its own origin as the target', async () => {
    const demo = await stage({
      'index.html': page(`window.parent.postMessage({ type: 'ready' }, window.location.origin);
        parent.postMessage({ type: 'resize', height: 12 }, { targetOrigin: location.origin });`),
    });
    assert.deepEqual({ ...(await demo.message('ready')) }, { type: 'ready' });
    assert.deepEqual({ ...(await demo.message('resize')) }, { type: 'resize', height: 12 });
  });

  it('does not post to another target than the host', async () => {
    const demo = await stage({
      'index.html': page(`window.parent.postMessage({ type: 'stray' }, 'https://elsewhere.example'); say('done');`),
    });
    await demo.message('done');
    assert.lengthOf(demo.messages, 1);
  });

  const accepts = [
    'event.origin === window.location.origin',
    'event.origin === (location.ancestorOrigins ? location.ancestorOrigins[0] : location.origin)',
    'event.source === window.parent',
  ];
  let listening: Stage;
  before(async () => {
    const listeners = accepts.map(
      (check, at) =>
        `window.addEventListener('message', (event) => { if (${check}) say('result ${at}', event.data.type) });`,
    );
    listening = await stage({ 'index.html': page(`${listeners.join('\n')} say('listening');`) });
    keepStage(listening);
    await listening.message('listening');
    listening.frame.send({ type: 'host:modalResult', id: 'a', result: null });
  });
  after(() => listening.frame.close());
  for (const [at, check] of accepts.entries()) {
    it(`takes messages of the host where it checks ${check}`, async () => {
      assert.equal((await listening.message(`result ${at}`)).value, 'host:modalResult');
    });
  }

  it('fetches its routes in whatever way it makes their URL', async () => {
    const demo = await stage({
      'index.html': page(`const base = \`/api/plugins/\${window.location.pathname.split('/')[3]}\`;
        Promise.all([
          fetch(base + '/config'), fetch('/api/plugins/demo/config'), fetch(location.origin + base + '/config'),
          fetch('../config'), fetch(new URL('../config', document.baseURI)), fetch(new Request('../config')),
        ]).then((all) => say('result', all.map(({ url, ok }) => url + ok)));`),
    });
    const { value } = await demo.message('result');
    assert.deepEqual(value as unknown, Array(6).fill(`${ORIGIN}/api/plugins/demo/configtrue`));
    assert.deepEqual(demo.requests, Array(6).fill('GET /api/plugins/demo/config'));
  });

  it('reaches the route where it asks for it beside its assets', async () => {
    const demo = await stage({
      'index.html': page(
        `fetch('./status?full=1').then((response) => response.json()).then((value) => say('result', value))`,
      ),
    });
    await demo.message('result');
    assert.deepEqual(demo.requests, ['GET /api/plugins/demo/status?full=1']);
  });

  it('gets an asset where there is one of that name, without asking the plugin', async () => {
    const demo = await stage({
      'index.html': page(`fetch('./data.json').then(async (response) => say('result', {
        body: await response.json(), type: response.headers.get('content-type'), url: response.url }))`),
      'data.json': '{"a":1}',
    });
    const { value } = await demo.message<{ value: { body: object } }>('result');
    assert.deepEqual({ ...value, body: { ...value.body } } as unknown, {
      body: { a: 1 },
      type: 'application/json',
      url: `${ORIGIN}/api/plugins/demo/assets/data.json`,
    });
    assert.isEmpty(demo.requests);
  });

  const answers: [string, () => Response, unknown][] = [
    ['204 with no body', () => new Response(null, { status: 204 }), { status: 204, ok: true, text: '' }],
    [
      'an error as JSON',
      () => Response.json({ error: 'no' }, { status: 422 }),
      { status: 422, ok: false, text: '{"error":"no"}' },
    ],
    ['an empty 200', () => new Response(''), { status: 200, ok: true, text: '' }],
  ];
  let answered: Stage;
  before(async () => {
    const script = `for (let at = 0; at < ${answers.length}; at++) {
      fetch('../x?' + at, { method: 'DELETE' }).then(async (response) =>
        say('result ' + at, { status: response.status, ok: response.ok, text: await response.clone().text() }));
    }`;
    const fetch = async ({ url }: Request): Promise<Response> =>
      answers[Number(new URL(url).search.slice(1))]?.[1]() ?? Response.error();
    answered = await stage({ 'index.html': page(script) }, { fetch });
    keepStage(answered);
  });
  after(() => answered.frame.close());
  for (const [at, [what, , expected]] of answers.entries()) {
    it(`gets ${what} as it is`, async () => {
      assert.deepEqual({ ...(await answered.message<{ value: object }>(`result ${at}`)).value }, expected as object);
    });
  }

  it('sends what a form holds', async () => {
    const got = await result(
      {
        'index.html': page(
          `const form = document.querySelector('form');
           form.addEventListener('submit', async (event) => {
             event.preventDefault();
             const response = await fetch('../save', { method: 'POST', body: new FormData(form) });
             say('result', await response.text());
           });
           form.requestSubmit();`,
          '<form><input name="a" value="1"><input name="b" value="ü"></form>',
        ),
      },
      { fetch: async (request) => new Response(JSON.stringify([...(await request.formData())])) },
    );
    assert.equal(got, '[["a","1"],["b","ü"]]');
  });

  it('aborts a request', async () => {
    let aborted = false;
    const got = await result(
      {
        'index.html': page(`const controller = new AbortController();
          fetch('../slow', { signal: controller.signal }).catch((error) => say('result', error.name));
          setTimeout(() => controller.abort(), 300);`),
      },
      {
        fetch: ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              aborted = true;
              reject(signal.reason);
            });
          }),
      },
    );
    assert.equal(got, 'AbortError');
    assert.isTrue(aborted);
  });

  it('uses XMLHttpRequest', async () => {
    const got = await result(
      {
        'index.html': page(`const request = new XMLHttpRequest();
          request.open('post', '../items');
          request.setRequestHeader('Content-Type', 'application/json');
          request.responseType = 'json';
          const states = [];
          request.onreadystatechange = () => states.push(request.readyState);
          request.addEventListener('load', () => say('result', { states, status: request.status, url: request.responseURL,
            body: request.response.heard, type: request.getResponseHeader('Content-Type') }));
          request.send('{"n":1}');`),
      },
      {
        fetch: async (request) =>
          Response.json({ heard: `${request.method} ${await request.text()}` }, { status: 201 }),
      },
    );
    assert.deepEqual(
      { ...(got as object) },
      {
        states: [2, 3, 4],
        status: 201,
        url: `${ORIGIN}/api/plugins/demo/items`,
        body: 'POST {"n":1}',
        type: 'application/json',
      },
    );
  });

  it('keeps things in storage as long as the frame stands', async () => {
    const got = await result({
      'index.html': page(`localStorage.setItem('a', 1); sessionStorage.b = 'x'; document.cookie = 'c=1';
        say('result', [localStorage.getItem('a'), sessionStorage.getItem('b'), localStorage.length, 'b' in sessionStorage,
          Object.keys(sessionStorage), localStorage.getItem('none'), document.cookie]);`),
    });
    assert.deepEqual(got, ['1', 'x', 1, true, ['b'], null, '']);
  });

  it('routes by the history, by the hash and by links', async () => {
    const got = await result({
      'index.html': page(
        `const seen = [];
         addEventListener('popstate', (event) => seen.push('pop ' + location.hash + JSON.stringify(event.state)));
         addEventListener('hashchange', () => seen.push('hash ' + location.hash));
         history.pushState({ n: 1 }, '', '?page=2');
         seen.push(location.search, history.state.n, history.length);
         history.replaceState(null, '', '#/a');
         seen.push(location.hash);
         location.hash = '#/b';
         document.querySelector('a').click();
         history.back();
         setTimeout(() => say('result', seen), 100);`,
        '<a href="#top">up</a>',
      ),
    });
    assert.deepEqual(got, [
      '?page=2',
      1,
      2,
      '#/a',
      'pop #/bnull',
      'hash #/b',
      'pop #topnull',
      'hash #top',
      'pop #/bnull',
      'hash #/b',
    ]);
  });

  it('says nothing and false to confirm() where no dialogs are granted', async () => {
    const demo = await stage({ 'index.html': page(`say('result', window.confirm('Really?'))`) });
    assert.equal((await demo.message('result')).value, false);
    assert.match(demo.warnings.join(), /confirm\(\) did nothing/);
  });
});

describe('the files of a plugin page', () => {
  afterEach(clearStage);

  it('load as a bundler leaves them: module, style, image, in paths that the package has flattened', async () => {
    const got = await result({
      'index.html': `<!doctype html><html><head>
        <script type="module" crossorigin src="./assets/index-B1x9.js"></script>
        <link rel="modulepreload" crossorigin href="/assets/vendor-C2.js">
        <link rel="stylesheet" crossorigin href="./assets/index-D3.css"></head>
        <body><div id="root"></div><img src="/img/logo.png"></body></html>`,
      'index-B1x9.js': `import { render } from './vendor-C2.js'; render();`,
      'vendor-C2.js': `export async function render() {
        const lazy = await import('./lazy-E4.js');
        const image = document.querySelector('img');
        await image.decode();
        window.parent.postMessage({ type: 'result', value: {
          color: getComputedStyle(document.body).color, width: image.naturalWidth, lazy: lazy.default,
          url: import.meta.url, rules: document.styleSheets[0].cssRules.length } }, '*') }`,
      'lazy-E4.js': `export default 'lazy';`,
      'index-D3.css': `@import './more.css'; body { background: url(./img/logo.png) }`,
      'more.css': 'body { color: rgb(1, 2, 3) }',
      'logo.png': PIXEL,
    });
    assert.deepEqual(
      { ...(got as object) },
      {
        color: 'rgb(1, 2, 3)',
        width: 1,
        lazy: 'lazy',
        url: `${ORIGIN}/api/plugins/demo/assets/vendor-C2.js`,
        rules: 2,
      },
    );
  });

  it('can be images that a script makes, and waits to decode', async () => {
    const got = await result({
      'index.html': page(`(async () => {
        const made = new Image();
        made.src = './logo.png';
        await made.decode();
        document.body.insertAdjacentHTML('beforeend', '<img id="markup" src="logo.png">');
        const markup = document.getElementById('markup');
        await markup.decode();
        say('result', [made.naturalWidth, markup.naturalWidth]);
      })().catch((error) => say('result', String(error)));`),
      'logo.png': PIXEL,
    });
    assert.deepEqual(got, [1, 1]);
  });
});
