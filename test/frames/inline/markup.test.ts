// What is read of a page's markup before anything parses it, beside what the browser makes of it.

import { assert } from 'chai';
import { MarkupReader } from '../../../src/frames/inline/markup.ts';
import { readOutline } from '../../../src/frames/inline/outline.ts';
import { Pauses } from '../../../src/util/pauses.ts';
import { engine } from '../../helpers/engine.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { longestTask } from '../../helpers/long-task.ts';
import { clearStage, page, stage } from '../stage.ts';

/** The attributes of all images, in their order. */
async function read(html: string): Promise<string[]> {
  const spots = await readOutline(html, new Pauses());
  return spots.filter(({ tag }) => tag.name === 'img').map(({ tag }) => tag.attributes.map(({ name }) => name).join());
}

function parsed(html: string): string[] {
  const images = new DOMParser().parseFromString(html, 'text/html').querySelectorAll('img');
  return [...images].map((image) => image.getAttributeNames().join());
}

describe('the markup of a page', () => {
  const texts = [
    '<p title="<img a>"><img b title=\'>\' c=">">',
    '<!-- <img a> --><!--><img b><!---><img c><!-- --!><img d><!--!><img e>-->',
    '<script>"<img a>"<!--<script></script><img b>--></script><img c><script><!--></script><img d>',
    '<style><img a></style ><img b><textarea><img c></textarea><title><img d></title><img e>',
    '<svg><style/><g/></svg><img a><svg><title><img b></title><style>x</style></svg><img c>',
    '<svg><script/></svg><img a><math><mi><img b></mi></math><svg><![CDATA[<img c>]]></svg><img d>',
    '<![CDATA[<img a>]]><img b><?php <img c> ?><img d></ <img e>><img f><//img g><img h>',
    '<svg><foreignObject><style><img a></style><img b></foreignObject></svg><svg><p><style><img c></style>',
    '<iframe><img a></iframe><xmp><img b></xmp><noembed><img c></noembed><img d><plaintext><img e>',
    '<img a/b/c =d e= f><img\ta\nb="1"c=\'2\'d>',
    '<table><img a><tr><td><img b></table><img c',
  ];
  for (const html of texts) {
    it(`is read as the browser does: ${html.slice(0, 60)}`, async () =>
      assert.deepEqual(await read(html), parsed(html)));
  }
});

describe('H11: a script of many marks', () => {
  it('lets the page have a turn while its end is looked for', () => {
    const reader = new MarkupReader(`<script>${'<!--'.repeat(1_000)}--></script>`);
    reader.next(false);
    const steps = reader.rawText('script');
    let count = 0;
    while (!steps.next().done) count++;
    assert.equal(count, 1_002);
  });
});

describe('U14: a page that is dear to parse', () => {
  afterEach(clearStage);

  const attributes = Array.from({ length: 100_000 }, (_, i) => `a${i}=1`).join(' ');
  const dear: [string, string, RegExp][] = [
    ['formatting in formatting', '<b>'.repeat(199_000), /nests elements deeper than 512/],
    ['tables in tables', '<table><tr><td>'.repeat(60_000), /nests elements deeper than 512/],
    ['an element of many attributes', `<p ${attributes}>`, /more than 1000 attributes/],
    [
      'formatting that goes on in each paragraph',
      `<p>${Array.from({ length: 500 }, (_, i) => `<b id=${i}>`).join('')}${'</p><p>x'.repeat(500)}`,
      /more than 64 elements such as <b> open/,
    ],
  ];
  for (const [what, html, problem] of dear) {
    it(`is not shown, and the host stays responsive: ${what}`, async () => {
      const longest = longestTask();
      await rejectsCode('FRAME_FAILED', stage({ 'index.html': page('', html) }), problem);
      assert.isBelow(longest(), 1_000);
      assert.isNull(document.querySelector('iframe[title="demo plugin"]'));
    });
  }

  it('is shown after a while where its style is long, and the host stays responsive', async () => {
    const rules = Array.from({ length: 20_000 }, (_, i) => `.a${i}{background:url(a${i}.png)}`).join('');
    const longest = longestTask();
    const demo = await stage({
      'index.html': page(`say('shown', document.styleSheets[0].cssRules.length)`, `<style>${rules}</style>`),
    });
    assert.equal((await demo.message('shown')).value, 20_000);
    // Elsewhere the frame itself is what reads the rules.
    assert.isBelow(longest(), engine.framesApart ? 1_000 : 6_000);
  });
});
