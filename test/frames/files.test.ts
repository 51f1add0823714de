// Files of the package in a page: as its markup, its styles and its scripts name them, at first and while it runs.

import { assert } from 'chai';
import { clearStage, type Files, keepStage, page, type Stage, stage } from './stage.ts';

const ORIGIN = location.origin;
const BASE = `${ORIGIN}/api/plugins/demo/assets/`;
const dot = (width: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="4"><rect id="part" width="9" height="9"/></svg>`;

async function result(files: Files, options: Parameters<typeof stage>[1] = {}): Promise<unknown> {
  return (await (await stage(files, options)).message('result')).value;
}

/**
 * A page with markup, whose script says what `expression` is once all has loaded and is laid out: in a frame that its page
 * has not laid out yet, as on a busy machine, Firefox computes no style and picks no image.
 */
const loaded = (markup: string, expression: string, head = ''): string =>
  `<!doctype html><html><head>${head}</head><body>${markup}<script>
    addEventListener('load', () => requestAnimationFrame(async () => {
      window.parent.postMessage({ type: 'result', value: await (async () => ${expression})() }, '*');
    }));
  </script></body></html>`;

describe('the markup of a page', () => {
  afterEach(clearStage);

  const rows: [string, Files, unknown][] = [
    [
      'a style sheet for its medium, with what it imports, in its order',
      {
        'index.html': loaded(
          '<p>x</p>',
          "[getComputedStyle(document.querySelector('p')).color, getComputedStyle(document.querySelector('p')).top, document.styleSheets[0].title]",
          '<link rel="stylesheet" href="css/a.css" title="Main"><link rel="stylesheet" href="print.css" media="print"><style>@import url(c.css);</style>',
        ),
        'css/a.css': '@import "b.css" screen; p { top: 1px }',
        'css/b.css': 'p { color: rgb(9, 8, 7) }',
        'print.css': 'p { color: red !important }',
        'c.css': 'p { top: 2px }',
      },
      ['rgb(9, 8, 7)', '2px', 'Main'],
    ],
    [
      'styles that import each other',
      {
        'index.html': loaded(
          '<p>x</p>',
          "getComputedStyle(document.querySelector('p')).color",
          '<link rel="stylesheet" href="a.css">',
        ),
        'a.css': '@import "b.css"; p { color: rgb(1, 1, 1) }',
        'b.css': '@import "a.css"; p { color: rgb(2, 2, 2) }',
      },
      'rgb(1, 1, 1)',
    ],
    [
      'images and fonts of styles, wherever these stand',
      {
        'index.html': loaded(
          '<i style="background-image: url(a.svg)"></i>',
          "[getComputedStyle(document.body).backgroundImage.slice(0, 23), getComputedStyle(document.querySelector('i')).backgroundImage.slice(0, 23), (await document.fonts.load('9px own')).length]",
          '<link rel="stylesheet" href="css/a.css">',
        ),
        'css/a.css': `body { background: url("../a.svg#part") } @font-face { font-family: own; src: url(own.woff2) format("woff2"), local("Arial"), local("DejaVu Sans") }`,
        'a.svg': dot(1),
        'own.woff2': Uint8Array.of(1, 2, 3),
      },
      ['url("data:image/svg+xml', 'url("data:image/svg+xml', 1],
    ],
    [
      'classic scripts in their order, before and after the page is read',
      {
        'index.html': `<!doctype html><script>var seen = [];</script><script src="a.js"></script><script src="late.js" defer></script>
          <script>seen.push('inline after ' + seen.join()); addEventListener('load', () => window.parent.postMessage({ type: 'result', value: seen }, '*'))</script>
          <script src="b.js"></script><body></body>`,
        'a.js': "seen.push('a ' + document.currentScript.src.split('/').pop())",
        'b.js': "seen.push('b ' + document.readyState + '</script>' + '<!--'.length)",
        'late.js': "seen.push('late ' + document.readyState)",
      },
      ['a a.js', 'inline after a a.js', 'b loading</script>4', 'late interactive'],
    ],
    [
      'what a page says of itself, in place of policies and hints that would harm it',
      {
        'index.html': loaded(
          '<p>x</p>',
          "document.querySelectorAll('link, meta[http-equiv=refresh]').length",
          `<meta http-equiv="Content-Security-Policy" content="default-src 'self'"><meta http-equiv="refresh" content="0;url=https://example.com/">
           <link rel="preconnect" href="https://example.com"><link rel="dns-prefetch" href="//example.com"><link rel="icon" href="https://example.com/x.ico">`,
        ),
      },
      0,
    ],
  ];
  for (const [what, files, expected] of rows) {
    it(`has ${what}`, async () => assert.deepEqual(await result(files), expected));
  }

  // What does not get in each other's way is one page.
  const together: [string, string, unknown][] = [
    ['an image', "document.querySelector('#image').naturalWidth", 5],
    [
      'an image with a query, and one by its name alone',
      "[...document.querySelectorAll('.named')].map((one) => one.naturalWidth)",
      [6, 6],
    ],
    [
      'the candidates of a srcset',
      "[document.querySelector('#set').naturalWidth > 0, document.querySelector('#set').currentSrc.startsWith('data:image/svg+xml')]",
      [true, true],
    ],
    ['an image in a drawing', "document.querySelector('image').href.baseVal.slice(0, 18)", 'data:image/svg+xml'],
    [
      'scripts whose handlers ask for the location',
      "(document.querySelector('button').click(), window.where)",
      '/api/plugins/demo/assets/index.html',
    ],
  ];
  let shared: Stage;
  before(async () => {
    const markup = `<img id="image" src="a.svg"><img class="named" src="./b.svg?v=1"><img class="named" src="/static/media/b.svg">
      <img id="set" srcset="c.svg 1x, d.svg 2x" src="e.svg"><svg><image href="f.svg"/></svg>
      <button onclick="window.where = location.pathname">x</button>`;
    const images = Object.fromEntries([5, 6, 7, 14, 1, 8].map((width, at) => [`${'abcdef'[at]}.svg`, dot(width)]));
    const expressions = together.map(([, expression]) => expression);
    shared = await stage({ 'index.html': loaded(markup, `[${expressions}]`), ...images });
    keepStage(shared);
  });
  after(() => shared.frame.close());
  for (const [at, [what, , expected]] of together.entries()) {
    it(`has ${what}`, async () => {
      const { value } = await shared.message<{ value: unknown[] }>('result');
      assert.deepEqual(value[at], expected);
    });
  }

  it('H11: leaves a base of more than 8,192 characters, which would be parsed with each reference', async () => {
    const base = `<base href="./${'x'.repeat(8_192)}/">`;
    const files = {
      'index.html': loaded('<img src="a.svg">', '[document.images[0].naturalWidth, document.baseURI]', base),
      'a.svg': dot(5),
    };
    assert.deepEqual(await result(files), [5, `${BASE}index.html`]);
  });

  it('H11: parses no URL of a MiB that the page sets', async () => {
    const script = `let longest = 0;
      const { parse } = URL;
      URL.parse = (text, base) => { longest = Math.max(longest, String(text).length); return parse.call(URL, text, base); };
      const image = new Image();
      image.src = 'a.svg';
      const short = longest;
      image.src = 'data:image/svg+xml,' + 'x'.repeat(1 << 20);
      say('result', [short > 0, longest - short]);`;
    assert.deepEqual(await result({ 'index.html': page(script), 'a.svg': dot(5) }), [true, 0]);
  });

  it('takes the base that a page names', async () => {
    assert.deepEqual(
      await result({
        'index.html': loaded(
          '<img src="a.svg">',
          '[document.images[0].naturalWidth, document.baseURI]',
          '<base href="./ui/">',
        ),
        'ui/a.svg': dot(3),
      }),
      [3, `${BASE}ui/`],
    );
  });

  it('keeps what ends a script, a comment or an attribute as it is', async () => {
    const text = `</script><script>"'&quot;&amp;--></style>\u2028`;
    assert.equal(
      await result({
        'index.html': `<!doctype html><body title="${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"><script src="a.js"></script></body>`,
        'a.js': `const text = ${JSON.stringify(text)}; window.parent.postMessage({ type: 'result', value: text === document.body?.title ? text : document.body?.title }, '*')`,
      }),
      text,
    );
  });
});

describe('the modules of a page', () => {
  afterEach(clearStage);

  const say = (row: number, value: string): string =>
    `window.parent.postMessage({ type: 'result ${row}', value: ${value} }, '*')`;
  const module = (script: string): string => `<script type="module">${script}</script>`;
  const rows: [what: string, markup: (row: number) => string, files: (row: number) => Files, expected: unknown][] = [
    [
      'import each other in a circle, and are made once',
      (row) =>
        `<script>window.made = 0</script><script type="module" src="circle/a.js"></script>${module(`import { a } from './circle/a.js'; ${say(row, '[a, made]')}`)}`,
      () => ({
        'circle/a.js': "import { b } from './b.js'; window.made++; export const a = 'a' + b();",
        'circle/b.js':
          "import { a } from './a.js'; window.made++; export const b = () => { try { return a } catch { return 'not yet' } };",
      }),
      ['anot yet', 2],
    ],
    [
      'of equal text are two',
      (row) => module(`import './equal/a.js'; import './equal/b.js'; ${say(row, 'count')}`),
      () => ({
        'equal/a.js': 'window.count = (window.count ?? 0) + 1',
        'equal/b.js': 'window.count = (window.count ?? 0) + 1',
      }),
      2,
    ],
    [
      'are found by a name that a script puts together',
      (row) => module(`const { default: name } = await import('./lang/' + 'de' + '.js'); ${say(row, 'name')}`),
      () => ({
        'lang/de.js': "export { default } from '../names/de.js'",
        'names/de.js': "export default 'Deutsch'",
      }),
      'Deutsch',
    ],
    [
      'load late from a classic script',
      () => `<script src="late/a.js"></script>`,
      (row) => ({
        'late/a.js': `import('./b.js').then(({ b }) => ${say(row, 'b')})`,
        'late/b.js': 'export const b = 1',
      }),
      1,
    ],
    [
      'know their URL',
      (row) => module(`import { url } from './deep/a.js'; ${say(row, 'url')}`),
      () => ({ 'deep/a.js': 'export const { href: url } = new URL("x.png", import.meta.url)' }),
      `${BASE}deep/x.png`,
    ],
    [
      'know what is beside them, as bundles of Vite ask',
      (row) => module(`import { at } from './beside/a.js'; ${say(row, 'at')}`),
      () => ({
        'beside/a.js': `const { resolve } = import.meta; export const at = [resolve('/assets/own.css'), import.meta.resolve('./own.css'),
          import.meta.env?.DEV, (() => { try { return resolve('react') } catch (error) { return error.name } })()]`,
        'own.css': '',
      }),
      [`${BASE}own.css`, `${BASE}own.css`, null, 'TypeError'],
    ],
    [
      'are named by the import map of the page',
      (row) => module(`import { x } from 'lib'; import { y } from './mapped.js'; ${say(row, 'x === y')}`),
      () => ({ 'lib.js': 'export const x = {}', 'mapped.js': "export { x as y } from 'lib'" }),
      true,
    ],
  ];
  let all: Stage;
  before(async () => {
    const map = `<script type="importmap">{"imports":{"lib":"./lib.js"}}</script>`;
    const html = `<!doctype html>${map}${rows.map(([, markup], row) => markup(row)).join('\n')}`;
    const files = rows.map(([, , filesOf], row) => filesOf(row));
    all = await stage(Object.assign({ 'index.html': html }, ...files));
    keepStage(all);
  });
  after(() => all.frame.close());
  for (const [row, [what, , , expected]] of rows.entries()) {
    it(what, async () => assert.deepEqual((await all.message(`result ${row}`)).value, expected));
  }

  it('are refused where they are in no package, and the developer is told', async () => {
    const demo = await stage({
      'index.html': `<!doctype html><script>window.parent.postMessage({ type: 'hello' }, '*')</script><script type="module">import 'react'; import 'https://esm.example/x.js';</script>`,
    });
    await demo.message('hello');
    assert.match(
      demo.warnings.join('\n'),
      /imports react, no file of the package[\s\S]*imports https:\/\/esm\.example\/x\.js/,
    );
  });
});

describe('what a page adds while it runs', () => {
  const waits = `const loads = (element) => new Promise((resolve, reject) => {
    element.onload = () => resolve(element); element.onerror = () => reject(new Error('failed'));
  });
  const answerOf = (row) => (promise) =>
    promise.then((value) => say('result ' + row, value), (error) => say('result ' + row, String(error)));`;
  const rows: [string, string, Files, unknown][] = [
    [
      'an image by its property',
      "const image = new Image(); image.src = './property.svg'; answer(loads(image).then(() => [image.naturalWidth, image.src]))",
      { 'property.svg': dot(5) },
      [5, `${BASE}property.svg`],
    ],
    [
      'an image by its attribute',
      "const image = document.createElement('img'); image.setAttribute('src', '/assets/attribute.svg'); document.body.append(image); answer(loads(image).then(() => image.naturalWidth))",
      { 'attribute.svg': dot(6) },
      6,
    ],
    [
      'an image by markup',
      "document.body.innerHTML = '<b><img src=\"markup.svg\"></b>'; const image = document.querySelector('img'); answer(loads(image).then(() => image.naturalWidth))",
      { 'markup.svg': dot(7) },
      7,
    ],
    [
      'an image by the template of a component',
      "const root = document.body.attachShadow({ mode: 'open' }); const image = document.createElement('img'); root.append(image); image.src = 'template.svg'; answer(loads(image).then(() => image.naturalWidth))",
      { 'template.svg': dot(8) },
      8,
    ],
    [
      'an image that the plugin answers with',
      "const image = new Image(); image.src = '../badge.svg?n=1'; answer(loads(image).then(() => image.naturalWidth))",
      {},
      9,
    ],
    [
      'another image in the place of one',
      "const image = new Image(); image.src = './other.svg'; image.src = './other-2.svg'; answer(loads(image).then(() => [image.naturalWidth, image.src]))",
      { 'other.svg': dot(3), 'other-2.svg': dot(4) },
      [4, `${BASE}other-2.svg`],
    ],
    [
      'a style sheet, as a bundler waits for it',
      "const link = document.createElement('link'); link.rel = 'stylesheet'; link.crossOrigin = ''; link.href = '/assets/a.css'; document.head.append(link); answer(loads(link).then(() => new Promise(requestAnimationFrame)).then(() => getComputedStyle(document.body).color))",
      { 'a.css': '@import "b.css";', 'b.css': 'body { color: rgb(4, 5, 6) }' },
      'rgb(4, 5, 6)',
    ],
    [
      'a script, as a bundler waits for it',
      "const script = document.createElement('script'); script.src = new URL('chunk.js', location.href).href; document.head.append(script); answer(loads(script).then(() => window.chunk))",
      { 'chunk.js': 'window.chunk = location.pathname' },
      '/api/plugins/demo/assets/index.html',
    ],
    [
      'a style with an image',
      "const style = document.createElement('style'); style.textContent = 'body { background: url(./style.svg) }'; document.head.append(style); answer(new Promise((resolve) => setTimeout(() => resolve(getComputedStyle(document.body).backgroundImage.slice(0, 23)), 500)))",
      { 'style.svg': dot(1) },
      'url("data:image/svg+xml',
    ],
    [
      'an image that is in no package',
      "const image = new Image(); image.src = 'https://example.com/a.png'; answer(loads(image))",
      {},
      'Error: failed',
    ],
    [
      'an image that the plugin does not have',
      "const image = new Image(); image.src = '../none.svg'; answer(loads(image))",
      {},
      'Error: failed',
    ],
  ];
  const fetch = async (request: Request): Promise<Response> =>
    request.url.endsWith('/badge.svg?n=1')
      ? new Response(dot(9), { headers: { 'Content-Type': 'image/svg+xml' } })
      : new Response('no', { status: 404 });
  let all: Stage;
  before(async () => {
    const scripts = rows.map(([, script], row) => `{ const answer = answerOf(${row}); ${script}; }`);
    const files = rows.map(([, , own]) => own);
    all = await stage(Object.assign({ 'index.html': page(`${waits} ${scripts.join('\n')}`) }, ...files), { fetch });
  });
  after(clearStage);
  for (const [row, [what, , , expected]] of rows.entries()) {
    it(`is ${what}`, async () => assert.deepEqual((await all.message(`result ${row}`)).value, expected));
  }
});
