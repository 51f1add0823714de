import { assert } from 'chai';
import '../../src/elements/extension/extension.ts';
import type { PluginPage } from '../../src/elements/extension/page/page.ts';
import type { PageLook } from '../../src/frames/page-protocol.ts';
import { contrastOf, paint } from '../helpers/contrast.ts';
import { engine } from '../helpers/engine.ts';
import { find, until } from '../helpers/render.ts';
import { extension, plugin, revealed, StandInExtensionHost } from './extension-stand-in.ts';

const READY = "parent.postMessage({ type: 'plugin:ready' }, '*');";

/** As the client library of pages does it. */
const THEMED = `addEventListener('message', ({ data }) => {
    for (const name in data.variables) document.documentElement.style.setProperty(name, data.variables[name]);
    parent.postMessage({ type: 'test:themed' }, '*');
  });`;

const DARK = 'background: #14171c; color: #e4e8ee';
const LIGHT = 'background: #fafafa; color: #222';

async function shown(app: string, head: string, body = '<p>Text</p>'): Promise<PluginPage> {
  const page = `<!doctype html><meta charset="utf-8">${head}${body}<script>${THEMED} ${READY}</script>`;
  document.body.style.cssText = app;
  return revealed(await extension(new StandInExtensionHost([plugin('', { assets: { 'index.html': page } })])));
}

const background = (page: PluginPage): string => getComputedStyle(find(page, '.place')).backgroundColor;
const SEEN = 'rgba(0, 0, 0, 0)';
const COVERED = 'rgb(255, 255, 255)';

const lookOf = (page: PluginPage): PageLook => (page as unknown as { look: PageLook }).look;
const textOf = (page: PluginPage): string | undefined => lookOf(page).text[0];

/** White in Chromium, almost white in Firefox. */
const isBright = (page: PluginPage): boolean => contrastOf(paint(textOf(page) ?? 'black'), [0, 0, 0]) > 15;

/** Resolves once the page has had the time to tell of its look after the theme. */
async function settledLook(page: PluginPage): Promise<void> {
  await until(() => textOf(page) !== undefined, 'a look');
  await new Promise((wake) => setTimeout(wake, 400));
}

describe('the app behind a page', () => {
  beforeEach(() => document.documentElement.style.setProperty('--ds-text', '#e4e8ee'));

  afterEach(() => {
    document.body.removeAttribute('style');
    document.documentElement.removeAttribute('style');
  });

  it('is not seen where the page has default black text', async () => {
    const page = await shown(DARK, '');
    await settledLook(page);
    assert.equal(background(page), COVERED);
  });

  it('is seen once the page has used a token', async () => {
    const page = await shown(DARK, '<style>body { color: var(--ds-text) }</style>');
    await until(() => background(page) === SEEN, 'the app to be seen');
  });

  it('is seen once the page has used a token of Cloche, in an app that has none of its own', async () => {
    document.documentElement.removeAttribute('style');
    const page = await shown(DARK, '<style>body { color: var(--cloche-text) }</style>');
    await until(() => background(page) === SEEN, 'the app to be seen');
  });

  it('is not seen where the page has used a token for a line, and its text stayed black', async () => {
    const page = await shown(DARK, '<style>p { outline-color: var(--ds-text) }</style>');
    await settledLook(page);
    assert.equal(background(page), COVERED);
  });

  it('is seen by a page that declares a scheme where its text can be read', async () => {
    const page = await shown(LIGHT, '<meta name="color-scheme" content="light">');
    await until(() => background(page) === SEEN, 'the app to be seen');
  });

  it('is not seen by a page that declares the light scheme in a dark app', async () => {
    const page = await shown(DARK, '<meta name="color-scheme" content="light">');
    await settledLook(page);
    assert.equal(background(page), COVERED);
  });

  it('is seen by a page that follows schemes, where the engine tells them that of the app', async () => {
    const page = await shown(DARK, '<meta name="color-scheme" content="light dark">');
    if (engine.passesSchemes) await until(() => isBright(page) && background(page) === SEEN, 'bright text on the app');
    else
      await until(() => textOf(page) !== undefined && !isBright(page) && background(page) === COVERED, 'a light page');
    document.body.style.cssText = LIGHT;
    await until(() => !isBright(page) && background(page) === SEEN, 'black text on the app');
  });

  it('is covered again when the app turns dark and the page does not follow', async () => {
    const page = await shown(LIGHT, '<style>p { outline-color: var(--ds-text) }</style>');
    await until(() => background(page) === SEEN, 'the app to be seen');
    document.body.style.cssText = DARK;
    await until(() => background(page) === COVERED, 'the page to be covered');
  });
});
