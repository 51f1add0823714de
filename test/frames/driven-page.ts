// A host that is driven from outside; see test/node/frames.

import { openFrame } from '../../src/frames/plugin-frame.ts';

const heard = {
  messages: [] as unknown[],
  failures: [] as string[],
  links: [] as string[],
  warnings: [] as string[],
};

async function show(html: string, modals: boolean): Promise<void> {
  const { element } = await openFrame(document.body, {
    plugin: 'demo',
    title: 'demo',
    page: 'index.html',
    assets: ['index.html'],
    asset: async () => new TextEncoder().encode(html),
    fetch: async () => new Response('{}'),
    receive: (message) => heard.messages.push(message),
    failed: ({ code, message }) => heard.failures.push(`${code}: ${message}`),
    link: ({ href }) => heard.links.push(href),
    warn: (text) => heard.warnings.push(text),
    modals,
  });
  element.style.height = '300px';
}

Object.assign(window, { heard, show });
