// Files of the package in a page: as its markup, its styles and its scripts name them, at first and while it runs.

import { assert } from 'chai';
import { clearStage, type Files, page, stage } from './stage.ts';

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
      'an image',
      { 'index.html': loaded('<img src="a.svg">', "document.querySelector('img').naturalWidth"), 'a.svg': dot(5) },
      5,
    ],
    [
      'an image with a query, and one by its name alone',
      {
        'index.html': loaded(
          '<img src="./a.svg?v=1"><img src="/static/media/a.svg">',
          '[...document.images].map((one) => one.naturalWidth)',
        ),
        'a.svg': dot(6),
      },
      [6, 6],
    ],
    [
      'the candidates of a srcset',
      {
        'index.html': loaded(
          '<img srcset="a.svg 1x, b.svg 2x" src="c.svg">',
          "[document.images[0].naturalWidth > 0, document.images[0].currentSrc.startsWith('data:image/svg+xml')]",
        ),
        'a.svg': dot(7),
        'b.svg': dot(14),
        'c.svg': dot(1),
      },
      [true, true],
    ],
    [
      'an image in a drawing',
      {
        'index.html': loaded(
          '<svg><image href="a.svg"/></svg>',
          "document.querySelector('image').href.baseVal.slice(0, 18)",
        ),
        'a.svg': dot(8),
      },
      'data:image/svg+xml',
    ],
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
      'scripts whose handlers ask for the location',
      {
        'index.html': loaded(
          '<button onclick="window.where = location.pathname">x</button>',
          "(document.querySelector('button').click(), window.where)",
        ),
      },
      '/api/plugins/demo/assets/index.html',
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

  const say = (value: string): string => `window.parent.postMessage({ type: 'result', value: ${value} }, '*')`;
  const html = (script: string): string => `<!doctype html><script type="module">${script}</script>`;
  const rows: [string, Files, unknown][] = [
    [
      'import each other in a circle, and are made once',
      {
        'index.html': `<!doctype html><script>window.made = 0</script><script type="module" src="a.js"></script><script type="module">import { a } from './a.js'; ${say('[a, made]')}</script>`,
        'a.js': "import { b } from './b.js'; window.made++; export const a = 'a' + b();",
        'b.js':
          "import { a } from './a.js'; window.made++; export const b = () => { try { return a } catch { return 'not yet' } };",
      },
      ['anot yet', 2],
    ],
    [
      'of equal text are two',
      {
        'index.html': html(`import './a.js'; import './b.js'; ${say('count')}`),
        'a.js': 'window.count = (window.count ?? 0) + 1',
        'b.js': 'window.count = (window.count ?? 0) + 1',
      },
      2,
    ],
    [
      'are found by a name that a script puts together',
      {
        'index.html': html(`const { default: name } = await import('./lang/' + 'de' + '.js'); ${say('name')}`),
        'lang/de.js': "export { default } from '../names/de.js'",
        'names/de.js': "export default 'Deutsch'",
      },
      'Deutsch',
    ],
    [
      'load late from a classic script',
      {
        'index.html': `<!doctype html><script src="a.js"></script>`,
        'a.js': `import('./b.js').then(({ b }) => ${say('b')})`,
        'b.js': 'export const b = 1',
      },
      1,
    ],
    [
      'know their URL',
      {
        'index.html': html(`import { url } from './deep/a.js'; ${say('url')}`),
        'deep/a.js': 'export const { href: url } = new URL("x.png", import.meta.url)',
      },
      `${BASE}deep/x.png`,
    ],
    [
      'know what is beside them, as bundles of Vite ask',
      {
        'index.html': html(`import { at } from './deep/a.js'; ${say('at')}`),
        'deep/a.js': `const { resolve } = import.meta; export const at = [resolve('/assets/b.css'), import.meta.resolve('./b.css'),
          import.meta.env?.DEV, (() => { try { return resolve('react') } catch (error) { return error.name } })()]`,
        'b.css': '',
      },
      [`${BASE}b.css`, `${BASE}b.css`, null, 'TypeError'],
    ],
    [
      'are named by the import map of the page',
      {
        'index.html': `<!doctype html><script type="importmap">{"imports":{"lib":"./lib.js"}}</script>${html(`import { x } from 'lib'; import { y } from './b.js'; ${say('x === y')}`)}`,
        'lib.js': 'export const x = {}',
        'b.js': "export { x as y } from 'lib'",
      },
      true,
    ],
  ];
  for (const [what, files, expected] of rows) {
    it(what, async () => assert.deepEqual(await result(files), expected));
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
  afterEach(clearStage);

  const waits = `const loads = (element) => new Promise((resolve, reject) => {
    element.onload = () => resolve(element); element.onerror = () => reject(new Error('failed'));
  });
  const answer = (promise) => promise.then((value) => say('result', value), (error) => say('result', String(error)));`;
  const rows: [string, string, Files, unknown][] = [
    [
      'an image by its property',
      "const image = new Image(); image.src = './a.svg'; answer(loads(image).then(() => [image.naturalWidth, image.src]))",
      { 'a.svg': dot(5) },
      [5, `${BASE}a.svg`],
    ],
    [
      'an image by its attribute',
      "const image = document.createElement('img'); image.setAttribute('src', '/assets/a.svg'); document.body.append(image); answer(loads(image).then(() => image.naturalWidth))",
      { 'a.svg': dot(6) },
      6,
    ],
    [
      'an image by markup',
      "document.body.innerHTML = '<b><img src=\"a.svg\"></b>'; const image = document.querySelector('img'); answer(loads(image).then(() => image.naturalWidth))",
      { 'a.svg': dot(7) },
      7,
    ],
    [
      'an image by the template of a component',
      "const root = document.body.attachShadow({ mode: 'open' }); const image = document.createElement('img'); root.append(image); image.src = 'a.svg'; answer(loads(image).then(() => image.naturalWidth))",
      { 'a.svg': dot(8) },
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
      "const image = new Image(); image.src = './a.svg'; image.src = './b.svg'; answer(loads(image).then(() => [image.naturalWidth, image.src]))",
      { 'a.svg': dot(3), 'b.svg': dot(4) },
      [4, `${BASE}b.svg`],
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
      "const style = document.createElement('style'); style.textContent = 'body { background: url(./a.svg) }'; document.head.append(style); answer(new Promise((resolve) => setTimeout(() => resolve(getComputedStyle(document.body).backgroundImage.slice(0, 23)), 500)))",
      { 'a.svg': dot(1) },
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
  for (const [what, script, files, expected] of rows) {
    it(`is ${what}`, async () => {
      const fetch = async (request: Request): Promise<Response> =>
        request.url.endsWith('/badge.svg?n=1')
          ? new Response(dot(9), { headers: { 'Content-Type': 'image/svg+xml' } })
          : new Response('no', { status: 404 });
      assert.deepEqual(await result({ 'index.html': page(`${waits} ${script};`), ...files }, { fetch }), expected);
    });
  }
});
