// P3: what refers to files in a style, read from text that a plugin wrote.

import { assert } from 'chai';
import { replaceCssUrls } from '../../src/frames/references.ts';

const replaced = (css: string): Promise<string> => replaceCssUrls(css, async ({ url }) => `<${url}>`);

describe('replacing the URLs of a style', () => {
  const styles: [string, string, string][] = [
    ['each way of writing one', `a{b:url(x) url("y") url( 'z' )}`, `a{b:url("<x>") url("<y>") url("<z>")}`],
    ['escapes', String.raw`url(a\)b) url("c\"d")`, `url("<a)b>") url("<c"d>")`],
    ['an import', `@import "x.css"; @import url(y.css);`, `@import url("<x.css>"); @import url("<y.css>");`],
    ['none in a comment or a string', `/* url(x) */ a{content:"url(x)"}`, `/* url(x) */ a{content:"url(x)"}`],
    ['one after a string that its line ends', `a{b:"\n}c{d:url(x)}`, `a{b:"\n}c{d:url("<x>")}`],
    ['none in a string that nothing ends', `a{b:"\\"url(x)`, `a{b:"\\"url(x)`],
  ];
  for (const [what, css, expected] of styles) {
    it(`finds ${what}`, async () => assert.equal(await replaced(css), expected));
  }

  it('takes a file that a style has in itself, however long', async () => {
    const data = `data:font/woff2;base64,${'A'.repeat(12 << 20)}`;
    assert.equal(await replaceCssUrls(`a{b:url("${data}")}`, async () => undefined), `a{b:url("${data}")}`);
  });

  for (const unit of ['\\"', "\\'", '"', "'\n", 'url("\\"', "url('", 'url(\\', '@import "', '@import url(', '/*']) {
    it(`P3: is soon done with 400 KB of ${JSON.stringify(unit)}`, async () => {
      const css = unit.repeat(400_000 / unit.length);
      const began = performance.now();
      await replaceCssUrls(css, async () => undefined);
      assert.isBelow(performance.now() - began, 1_500);
    });
  }
});
