// U5: what a page can reach of its host, beside a twin that has the host's origin.

import { assert } from 'chai';
import { pause } from '../helpers/hosts.ts';
import { clearStage, page, stage } from './stage.ts';

/** Each says `done` where it reaches the host. `host` is the window of the host. */
const REACHES: Readonly<Record<string, string>> = {
  'the document of the host': `return host.document.title !== undefined`,
  'the location of the host': `return host['loca' + 'tion'].href !== undefined`,
  'a global of the host': `return host.secretOfHost === 42`,
  'the frame element': `return window.frameElement !== null`,
  'the storage of the host': `return store.call(window).getItem('secret-of-host') === '42'`,
  'a database of the host': `await new Promise((resolve, reject) => {
    const request = indexedDB.open('secret-of-host'); request.onsuccess = () => { request.result.close(); resolve() }; request.onerror = reject });
    return true`,
  'the cookies of the host': `return cookies.call(document).includes('secret-of-host')`,
  'a channel of the host': `const channel = new BroadcastChannel('secret-of-host');
    const heard = new Promise((resolve) => { channel.onmessage = resolve });
    channel.postMessage('ask');
    return Boolean(await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, 800))]))`,
  'a lock of the host': `return (await navigator.locks.query()).held.some(({ name }) => name === 'secret-of-host')`,
};

const PAGE = page(`
  const host = window.top;
  // Natives, where the bootstrap has put something in their place.
  const store = Object.getOwnPropertyDescriptor(window, 'localStorage').get;
  const cookies = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').get;
  const reaches = { ${Object.entries(REACHES)
    .map(([name, body]) => `${JSON.stringify(name)}: async () => { ${body} }`)
    .join(',\n')} };
  (async () => {
    const results = {};
    for (const [name, reach] of Object.entries(reaches)) {
      try { results[name] = await reach() } catch (error) { results[name] = error.name }
    }
    say('results', results);
  })();`);

describe('U5: a page and its host', () => {
  const channel = new BroadcastChannel('secret-of-host');
  let release = (): void => undefined;

  before(async () => {
    (window as unknown as Record<string, number>).secretOfHost = 42;
    localStorage.setItem('secret-of-host', '42');
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie is the bait; WebKit has no Cookie Store
    document.cookie = 'secret-of-host=42';
    channel.onmessage = ({ data }) => data === 'ask' && channel.postMessage('told');
    void navigator.locks.request('secret-of-host', () => new Promise<void>((resolve) => (release = resolve)));
    await pause(50);
  });
  after(() => {
    release();
    channel.close();
    Reflect.deleteProperty(window, 'secretOfHost');
    localStorage.removeItem('secret-of-host');
    indexedDB.deleteDatabase('secret-of-host');
    // biome-ignore lint/suspicious/noDocumentCookie: as above
    document.cookie = 'secret-of-host=; max-age=0';
  });
  afterEach(clearStage);

  it('meet wherever nothing but an origin keeps them apart: the control for all below', async () => {
    const twin = document.createElement('iframe');
    const results = new Promise<Record<string, unknown>>((resolve) => {
      addEventListener('message', ({ source, data }) => source === twin.contentWindow && resolve(data.value), {
        once: true,
      });
    });
    twin.srcdoc = PAGE;
    document.body.append(twin);
    const reached = await results;
    twin.remove();
    assert.deepEqual(reached, Object.fromEntries(Object.keys(REACHES).map((name) => [name, true])));
  });

  it('do not meet', async () => {
    const demo = await stage({ 'index.html': PAGE });
    const { value } = await demo.message<{ value: Record<string, unknown> }>('results');
    for (const name of Object.keys(REACHES)) assert.notStrictEqual(value[name], true, name);
  });
});
