// The life of a frame: how it opens, where it goes, and how it ends.

import { assert } from 'chai';
import { canary } from '../helpers/canary.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { eventually, pause } from '../helpers/hosts.ts';
import { longestTask } from '../helpers/long-task.ts';
import { clearStage, hijack, keepStage, page, type Stage, stage } from './stage.ts';

const URL_OF = (path: string): string => `${location.origin}/api/plugins/demo/assets/${path}`;
const HELLO = { 'index.html': page(`say('hello');`) };

// Each is a wait for a watchdog of its own, which passes while pages of other tests come and go.
let silent: Promise<{ code: string; message: string; afterMs: number }>;
let busy: Stage;
let busyIsOver: Promise<void>;

before(async () => {
  const kept = { title: 'kept page' };
  const started = performance.now();
  const deaf = await stage({ 'index.html': hijack(`port.onmessage = null; say('silent')`) }, kept);
  keepStage(deaf);
  await deaf.message('silent');
  silent = deaf.failure().then(({ code, message }) => ({ code, message, afterMs: performance.now() - started }));
  const script = `say('hello'); const busy = () => { const end = Date.now() + 700; while (Date.now() < end); };
    setTimeout(busy, 500); setTimeout(() => { busy(); say('done') }, 2500);`;
  busy = await stage({ 'index.html': page(script) }, kept);
  keepStage(busy);
  busyIsOver = busy.message('done').then(() => pause(1_500));
});

describe('opening a plugin frame', () => {
  let open: Stage;
  before(async () => {
    open = await stage({
      'index.html': page(`addEventListener('message', (event) => say('heard', {
        data: event.data, origin: event.origin, fromParent: event.source === window.parent }));
      say('hello', 1);`),
    });
    keepStage(open);
  });
  after(() => open.frame.close());
  afterEach(clearStage);

  it('resolves with a frame that is labelled, sandboxed and allowed nothing', () => {
    const { element } = open.frame;
    assert.equal(element.title, 'demo plugin');
    assert.equal(element.getAttribute('sandbox'), 'allow-scripts allow-forms');
    assert.equal(element.getAttribute('allow'), '');
    assert.equal(element.referrerPolicy, 'no-referrer');
  });

  it('takes messages of the page and posts to it with the origin of the host', async () => {
    await open.message('hello');
    open.frame.send({ type: 'host:themeUpdate', variables: {} });
    const { value } = await open.message('heard');
    assert.deepEqual(value as unknown, {
      data: { type: 'host:themeUpdate', variables: {} },
      origin: location.origin,
      fromParent: true,
    });
  });

  it('shows the page in a shadow root', async () => {
    const place = document.body.appendChild(document.createElement('div'));
    const root = place.attachShadow({ mode: 'open' });
    const demo = await stage(HELLO, {}, root);
    await demo.message('hello');
    assert.equal(demo.frame.element.getRootNode(), root);
    place.remove();
  });

  it('lets a module fetch while the page loads', async () => {
    const demo = await stage({
      'index.html': `<!doctype html><script type="module">
        const { status } = await fetch('/api/plugins/demo/config');
        window.parent.postMessage({ type: 'got', status }, '*');</script>`,
    });
    assert.equal((await demo.message<{ status: number }>('got')).status, 200);
  });

  it('rejects with FRAME_FAILED when the package has no such page', async () => {
    const title = 'no such page';
    await rejectsCode('FRAME_FAILED', stage({}, { title }), /has no page/);
    await rejectsCode('FRAME_FAILED', stage(HELLO, { title, page: 'other.html' }), /other\.html/);
    assert.isNull(document.querySelector(`iframe[title="${title}"]`));
  });

  it('H11: rejects with FRAME_FAILED when the page is too large to be read in one go', async () => {
    await rejectsCode('FRAME_FAILED', stage({ 'index.html': '<p>'.repeat(200_001) }), /200000 elements/);
    await rejectsCode('FRAME_FAILED', stage({ 'index.html': new Uint8Array((16 << 20) + 1) }), /16777216 bytes/);
  });

  it('rejects with FRAME_FAILED when the assets cannot be read', async () => {
    const asset = async (): Promise<never> => {
      throw new Error('the database is gone');
    };
    await rejectsCode('FRAME_FAILED', stage(HELLO, { asset }), /the database is gone/);
  });

  it('rejects with ABORTED, before and while it opens', async () => {
    const title = 'aborted';
    await rejectsCode('ABORTED', stage(HELLO, { title, signal: AbortSignal.abort() }));
    const controller = new AbortController();
    const opening = stage(HELLO, { title, signal: controller.signal });
    controller.abort();
    await rejectsCode('ABORTED', opening);
    await pause(100);
    assert.isNull(document.querySelector(`iframe[title="${title}"]`));
  });

  it('rejects with FRAME_NAVIGATED when the page leaves at once', async () => {
    const leaves = {
      'index.html': page(`window['loca' + 'tion'].href = ${JSON.stringify(canary.url('/hit/at-once'))};`),
    };
    // The page has said hello by then, or has not.
    const demo = await stage(leaves).catch((error) => ({ failure: () => error as Promise<{ code: string }> }));
    assert.equal((await demo.failure()).code, 'FRAME_NAVIGATED');
  });
});

describe('a page that goes elsewhere', () => {
  afterEach(clearStage);

  it('reloads', async () => {
    const demo = await stage({
      'index.html': page(
        `say('loaded', location.hash); if (!location.hash) { location.hash = '#again'; location.reload(); }`,
      ),
    });
    await eventually(() => demo.messages.length === 2, 'the page to load twice');
    assert.deepEqual(
      demo.messages.map((message) => (message as { value: string }).value),
      ['', '#again'],
    );
    assert.isEmpty(demo.failures);
  });

  const ways = [
    `document.querySelector('a').click()`,
    `location.href = 'settings.html?tab=2#top'`,
    `window.location = './settings.html?tab=3#top'`,
    `location.assign('settings.html?tab=4#top')`,
    `document.location.replace('/api/plugins/demo/assets/settings.html?tab=5#top')`,
  ];
  // One page goes all the ways, one after the other.
  let going: Stage;
  before(async () => {
    const next = `const tab = Number(new URLSearchParams(location.search).get('tab'));
      const ways = [${ways.map((way) => `() => { ${way} }`).join()}];
      fetch('../status').then(() => { say('tab ' + tab, location.href); ways[tab]?.(); });`;
    const html = page(next, '<a href="settings.html?tab=1#top">Settings</a>');
    going = await stage({ 'index.html': html, 'settings.html': html });
    keepStage(going);
  });
  for (const [at, way] of ways.entries()) {
    it(`shows another page of the package by ${way}`, async () => {
      const { value } = await going.message(`tab ${at + 1}`);
      assert.equal(value as unknown, `${location.origin}/api/plugins/demo/assets/settings.html?tab=${at + 1}#top`);
      assert.isEmpty(going.failures);
    });
  }
  after(() => going.frame.close());

  it('ends when it reloads on and on', async () => {
    // It reloads once, and then asks for more at once than are shown, again and again: each visit counts, each page costs.
    const demo = await stage({
      'index.html': hijack(`if (!location.hash) { location.hash = '#again'; location.reload(); }
        else for (let left = 30; left > 0; left--) send({ type: 'GO', url: '${URL_OF('index.html')}' });`),
    });
    const end = await demo.failure();
    assert.equal(end.code, 'FRAME_FAILED');
    assert.match(end.message, /on and on/);
  });
});

describe('a page that wants to go where it may not', () => {
  const links: string[] = [];
  let demo: Stage;
  const warned = (about: RegExp) => demo.warnings.filter((warning) => about.test(warning));
  before(async () => {
    demo = await stage(
      {
        'index.html': page(
          `location.href = '/admin'; location.href = 'none.html'; location.href = 'mailto:a@b.example';
          document.querySelector('a').click();
          document.querySelector('form').requestSubmit(); document.querySelector('form').submit();
          const link = document.createElement('a');
          link.href = URL.createObjectURL(new Blob(['a,b'])); link.download = 'export.csv'; link.click(); say('stays');`,
          `<a target="_blank" href="https://example.com/">x</a>
          <form action="/api/plugins/demo/save" method="post"><button>Save</button></form>`,
        ),
      },
      { link: ({ href }) => links.push(href) },
    );
    await demo.message('stays');
    await eventually(() => demo.warnings.length === 7, 'seven warnings');
    // What leaves its frame is told of a moment later.
    await pause(200);
  });
  after(clearStage);
  afterEach(() => assert.isEmpty(demo.failures));

  it('stays, with a word to the developer, where there is no such page', () => {
    assert.lengthOf(warned(/\/admin|none\.html|mailto:a@b\.example/), 3);
  });

  it('does not follow a link to another site by itself', () => {
    assert.isEmpty(links);
    assert.lengthOf(warned(/A link to https:\/\/example\.com\/ was not followed/), 1);
  });

  it('does not send a form, and says so', () => {
    assert.lengthOf(warned(/form/i), 2);
    assert.isEmpty(demo.requests);
  });

  it('does not download, and says so', () => assert.lengthOf(warned(/A download was refused/), 1));
});

describe('a page that is asked whether it is still there', () => {
  after(() => busy.frame.close());

  it('is left alone when it is busy now and then', async () => {
    await busyIsOver;
    assert.isEmpty(busy.failures);
  });

  it('U13: ends when it does not answer any more', async () => {
    const { code, message, afterMs } = await silent;
    assert.equal(code, 'FRAME_FAILED');
    assert.match(message, /did not answer for 5 s/);
    assert.isAbove(afterMs, 4_000);
  });
});

describe('the end of a plugin frame', () => {
  afterEach(clearStage);

  it('comes by close(), which is not a failure', async () => {
    const demo = await stage(HELLO);
    demo.frame.close();
    demo.frame.close();
    demo.frame.send({ type: 'late' });
    await pause(100);
    assert.isFalse(demo.frame.element.isConnected);
    assert.isEmpty(demo.failures);
  });

  it('comes by the signal, which is not a failure', async () => {
    const controller = new AbortController();
    const demo = await stage(HELLO, { signal: controller.signal });
    controller.abort();
    assert.isFalse(demo.frame.element.isConnected);
    assert.isEmpty(demo.failures);
  });

  it('comes when it is taken out of the document', async () => {
    let signal: AbortSignal | undefined;
    const demo = await stage(
      { 'index.html': page(`fetch('../slow'); say('hello')`) },
      {
        fetch: (request) => {
          signal = request.signal;
          return new Promise(() => undefined);
        },
      },
    );
    await demo.message('hello');
    await eventually(() => signal !== undefined, 'the request');
    demo.frame.element.remove();
    assert.equal((await demo.failure()).code, 'FRAME_FAILED');
    assert.isTrue(signal?.aborted);
  });

  it('comes when it is moved in the document, since it then starts anew', async () => {
    const demo = await stage(HELLO);
    await demo.message('hello');
    document.body.prepend(demo.frame.element);
    const { code, message } = await demo.failure();
    assert.equal(code, 'FRAME_NAVIGATED');
    assert.match(message, /moved in the document/);
  });

  if (engine.framesApart) {
    it('U13: comes when the page spins, and the host goes on meanwhile', async () => {
      // Longer than anybody waits, and not for ever: where the page shares the thread of the test, that hears of it.
      const spin = `const end = Date.now() + 15_000; while (Date.now() < end);`;
      // Its watchdog looks five times as often: what spins costs a core, and how long it may is tested above.
      const { setInterval: real } = globalThis;
      globalThis.setInterval = ((run: () => void, ms = 0) => real(run, ms / 5)) as typeof setInterval;
      const opening = stage({ 'index.html': page(`say('hello'); setTimeout(() => { ${spin} }, 100);`) });
      const demo = await opening.finally(() => (globalThis.setInterval = real));
      let ticks = 0;
      const timer = setInterval(() => ticks++, 10);
      assert.equal((await demo.failure()).code, 'FRAME_FAILED');
      clearInterval(timer);
      assert.isAbove(ticks, 40);
    });
  }

  it('H18: leaves nothing in the document, round after round', async () => {
    const before = document.querySelectorAll('*').length;
    for (let round = 0; round < 3; round++) {
      const demo = await stage(HELLO);
      await demo.message('hello');
      demo.frame.close();
    }
    assert.equal(document.querySelectorAll('*').length, before);
    assert.equal(window.length, 0);
  });
});

describe('H11: a page of many elements', () => {
  afterEach(clearStage);

  it('opens, and the host stays responsive', async () => {
    const longest = longestTask();
    await stage({ 'index.html': `${'<i class="x" style="color:red">i</i>'.repeat(50_000)}` });
    assert.isBelow(longest(), engine.framesApart ? 1_500 : 6_000);
  });
});
