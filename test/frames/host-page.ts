// The script of a host that runs under a policy of its own; see host-policy.test.ts.

import { openFrame } from '../../src/frames/plugin-frame.ts';

const PAGE = `<!doctype html><html><head><script>window.classic = true;</script>
  <style>p { color: rgb(1, 2, 3) }</style><script type="module" src="./app.js"></script></head><body><p>x</p></body></html>`;

const APP = `import { answer } from './answer.js';
  const { answer: late } = await import('./answer.js');
  const response = await fetch('./status');
  const image = new Image();
  image.src = './dot.svg';
  await image.decode().catch(() => undefined);
  let markup = 'set';
  try { document.querySelector('p').innerHTML = '<b>x</b>'; } catch { markup = 'refused'; }
  // Firefox has no style for what it has not laid out yet.
  const style = getComputedStyle(document.querySelector('p'));
  for (let i = 0; i < 100 && style.color === ''; i++) await new Promise((laidOut) => setTimeout(laidOut, 20));
  parent.postMessage({ type: 'said', classic: window.classic, answer, late, url: response.url, width: image.width, markup,
    color: style.color }, '*');`;

const policyNonce = document.querySelector('script')?.dataset.policyNonce ?? '';
const files = new Map([
  ['index.html', PAGE],
  ['app.js', APP],
  ['answer.js', 'export const answer = 42;'],
  ['dot.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"/>'],
]);
const warnings: string[] = [];

function report(what: object): void {
  parent.postMessage({ ...what, warnings }, '*');
}

try {
  await openFrame(document.body, {
    plugin: 'demo',
    title: 'demo',
    page: 'index.html',
    assets: [...files.keys()],
    asset: async (path) => new TextEncoder().encode(files.get(path)),
    fetch: async () => new Response('{}'),
    receive: (said) => report({ said: { ...(said as object) } }),
    failed: ({ code, message }) => report({ code, message }),
    warn: (text) => warnings.push(text),
    ...(policyNonce ? { policyNonce } : {}),
  });
} catch (thrown) {
  const { code, message } = thrown as { code?: string; message?: string };
  report({ code, message });
}
