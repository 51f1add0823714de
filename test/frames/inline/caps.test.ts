// What a page may bring along: what is left out for its size, and who hears of it.

import { assert } from 'chai';
import { AssetFinder } from '../../../src/frames/asset-finder.ts';
import type { FrameOptions } from '../../../src/frames/frame.ts';
import { Inliner } from '../../../src/frames/inline/inliner.ts';
import { preparePage } from '../../../src/frames/prepare-page.ts';
import { replaceCssUrls } from '../../../src/frames/references.ts';
import type { Files } from '../stage.ts';

const ROOT = `${location.origin}/api/plugins/demo/assets/`;
const MIB = 1 << 20;
const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

function frameOptions(files: Files): FrameOptions {
  return {
    plugin: 'demo',
    title: 'demo',
    page: 'index.html',
    assets: Object.keys(files),
    asset: async (path) => {
      const file = files[path];
      return typeof file === 'string' ? encoded(file) : file;
    },
    fetch: async () => new Response(),
    receive: () => undefined,
    failed: () => undefined,
  };
}

/** The page `index.html` of a package, as it is made ready. */
async function prepared(files: Files) {
  const warnings: string[] = [];
  const read: string[] = [];
  const given = frameOptions(files);
  const options: FrameOptions = {
    ...given,
    asset(path) {
      read.push(path);
      return given.asset(path);
    },
    warn: (text) => warnings.push(text),
  };
  const { attribute } = await preparePage(`${ROOT}index.html`, 'nonce', options, new AssetFinder(ROOT, options.assets));
  const template = document.createElement('template');
  template.innerHTML = attribute.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  return { content: template.content, warnings, read };
}

/** Aborts as soon as the page has a turn. */
function ends(controller: AbortController): AbortController {
  setTimeout(() => controller.abort(new Error('enough')));
  return controller;
}

const sources = (content: DocumentFragment): string[] =>
  [...content.querySelectorAll('img')].map((image) => image.getAttribute('src')?.slice(0, 14) ?? '');

describe('what a page may bring along', () => {
  it('leaves out what does not fit, says which file once, and takes what is smaller', async () => {
    const { content, warnings, read } = await prepared({
      'index.html': '<img src="a.png"><img src="b.png"><img src="c.png"><img src="b.png"><img src="d.png">',
      'a.png': new Uint8Array(10 * MIB),
      'b.png': new Uint8Array(9 * MIB),
      'c.png': new Uint8Array(1 * MIB),
      'd.png': new Uint8Array(40 * MIB),
    });
    assert.deepEqual(sources(content), ['data:image/png', 'b.png', 'data:image/png', 'b.png', 'd.png']);
    const why = 'was left out: with it the page would be larger than 25165824 characters with all it refers to';
    assert.deepEqual(warnings, [`b.png ${why}`, `d.png ${why}`]);
    assert.deepEqual(read, ['index.html', 'a.png', 'b.png', 'c.png', 'd.png']);
  });

  it('H11: counts a style sheet each time that it is put in', async () => {
    const { content, warnings } = await prepared({
      'index.html': '<link rel="stylesheet" href="a.css">'.repeat(9),
      'a.css': `/*${'x'.repeat(5 * MIB)}*/`,
    });
    assert.equal(content.querySelectorAll('style').length, 4);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /^a\.css was left out/);
  });

  it('takes a style of 6 MiB with the files that it refers to', async () => {
    const style = `i{background:url(a.png)}/*${' '.repeat(6 * MIB - 40)}*/`;
    const { content, warnings } = await prepared({
      'index.html': `<style>${style}</style>`,
      'a.png': new Uint8Array(3),
    });
    assert.match(content.querySelector('style')?.textContent ?? '', /^i\{background:url\("data:image\/png/);
    assert.deepEqual(warnings, []);
  });

  it('leaves a longer style as it is, and says so', async () => {
    const style = `i{background:url(a.png)}/*${' '.repeat(6 * MIB)}*/`;
    const { content, warnings } = await prepared({
      'index.html': `<style>${style}</style>`,
      'a.png': new Uint8Array(3),
    });
    assert.match(content.querySelector('style')?.textContent ?? '', /^i\{background:url\(a\.png\)/);
    assert.deepEqual(warnings, [
      `${ROOT}index.html has a style of more than 6291456 characters: the files it refers to are left out`,
    ]);
  });

  it('takes references in an attribute of up to 256 KiB, and leaves a longer one, which holds its file itself', async () => {
    const padded = (length: number) => `/*&amp;*/background:url(a.png)/*${' '.repeat(length)}*/`;
    const own = `data:image/svg+xml,<svg/>&amp;${' '.repeat(300_000)}`;
    const { content } = await prepared({
      'index.html': `<i style="${padded(200_000)}"></i><i style="${padded(300_000)}"></i><img src="${own}">`,
      'a.png': new Uint8Array(3),
    });
    const styles = [...content.querySelectorAll('i')].map((one) => one.getAttribute('style')?.slice(0, 32));
    assert.deepEqual(styles, ['/*&*/background:url("data:image/', '/*&*/background:url(a.png)/*    ']);
    assert.equal(content.querySelector('img')?.getAttribute('src'), own.replace('&amp;', '&'));
  });
});

describe('H11: a page made ready lets others have a turn', () => {
  it('between references, also of files that are not there', async () => {
    const { signal } = ends(new AbortController());
    const files = new Inliner({ ...frameOptions({}), signal }, new AssetFinder(ROOT, []));
    let failure: unknown;
    for (let n = 0; n < 1_000_000 && failure === undefined; n++) {
      await files.refer(`${n}.png`, ROOT).catch((error: unknown) => {
        failure = error;
      });
    }
    assert.equal(failure, signal.reason);
  });

  const styles: [what: string, css: string, least: number][] = [
    ['in a style without any reference', 'a{b:c}'.repeat(20_000), 14],
    ['in one that is all beginnings of references', 'url( '.repeat(1_000), 1_000],
    ['between comments', '/**/'.repeat(1_000), 1_000],
  ];
  for (const [what, css, least] of styles) {
    it(what, async () => {
      let turns = 0;
      await replaceCssUrls(
        css,
        async () => undefined,
        () => {
          turns++;
          return undefined;
        },
      );
      assert.isAtLeast(turns, least);
    });
  }
});
