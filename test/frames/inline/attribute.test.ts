import { assert } from 'chai';
import { attributeSteps } from '../../../src/frames/inline/attribute.ts';
import { atOnce } from '../../../src/util/pauses.ts';

function read(written: string): string | null {
  const template = document.createElement('template');
  template.innerHTML = `<i title="${written}"></i>`;
  return template.content.firstElementChild?.getAttribute('title') ?? null;
}

describe('a text in an attribute', () => {
  for (const text of ['', 'a "b" &amp; \'c\' <d>', '&&""', `${'x'.repeat((1 << 18) - 1)}"&quot;"`]) {
    it(`is read as it was: ${text.slice(-20)}`, () =>
      assert.equal(read(atOnce(attributeSteps([text.slice(0, 9), text.slice(9)]))), text));
  }

  it('H11: is refused where quotes make tens of MiB of it', () => {
    const quotes = Array.from({ length: 8 }, () => '"'.repeat(1 << 20));
    assert.throws(() => atOnce(attributeSteps(quotes)), /has more than 41943040 characters/);
    assert.lengthOf(atOnce(attributeSteps(quotes.slice(2))), 6 * 6 * (1 << 20));
  });

  it('H11: lets the page have a turn while it is written', () => {
    const steps = attributeSteps(['"'.repeat(3 << 20), '"'.repeat(1 << 20)]);
    let count = 0;
    while (!steps.next().done) count++;
    assert.equal(count, 16);
  });
});
