// What is rewritten in scripts that mention `location`, by a table; then the rewritten text still runs.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are scripts

import { assert } from 'chai';
import fc from 'fast-check';
import { applyEdits } from '../../../src/frames/inline/edits.ts';
import { locationEdits, type ScriptKind } from '../../../src/frames/inline/rewrite-location.ts';

const rewrite = (source: string, kind: ScriptKind = 'script'): string =>
  applyEdits(source, locationEdits(source, kind));

const REWRITTEN: readonly (readonly [string, string])[] = [
  ['location.href', '__cloche.location.href'],
  ["window.location.pathname.split('/')[3]", "__cloche(window).location.pathname.split('/')[3]"],
  ['document.location', '__cloche(document).location'],
  ['`${location}/x`', '`${__cloche.location}/x`'],
  ['f({ location, a: location })', 'f({ location: __cloche.location, a: __cloche.location })'],
  ["window['location']", "__cloche(window)['location']"],
  ['(a, b).location', '__cloche((a, b)).location'],
  ['a.location.b.location', '__cloche(__cloche(a).location.b).location'],
  ['window?.location.href', '__cloche(window)?.location.href'],
  ['a?.b.location.href', '__cloche(a?.b)?.location.href'],
  ['a?.b\n  .location', '__cloche(a?.b)?.location'],
  ["a?.b['location']", "__cloche(a?.b)?.['location']"],
  ['a?.().location', '__cloche(a?.())?.location'],
  ["location = 'x'", "__cloche.location = 'x'"],
  ["window.location = 'x'", "__cloche(window).location = 'x'"],
  ['const { location: l, document } = window', 'const { location: l, document } = __cloche(window)'],
  ['({ location: l } = self)', '({ location: l } = __cloche(self))'],
  ['const f = (a = location) => a', 'const f = (a = __cloche.location) => a'],
  ['class A { x = location }', 'class A { x = __cloche.location }'],
  ['typeof location', 'typeof __cloche.location'],
  ['for (const location of all); location', 'for (const location of all); __cloche.location'],
  ['{ let location = 1; location } location', '{ let location = 1; location } __cloche.location'],
  ['try {} catch (location) { location } location', 'try {} catch (location) { location } __cloche.location'],
  ['new URL(x, location)', 'new URL(x, __cloche.location)'],
  ['new location.Thing(window.location)', 'new __cloche.location.Thing(__cloche(window).location)'],
];

const UNCHANGED: readonly string[] = [
  'function f(location) { return location.href }',
  'const f = ({ location }) => location',
  'const f = ([a, ...location]) => location',
  'function f() { if (x) { var location = 1 } return location }',
  'function f() { return location; function location() {} }',
  '(function location() { return location })',
  '(class location { static x = location })',
  'switch (x) { case 1: let location; location }',
  'x = { location: 1, location() {}, get location() { return 1 } }',
  'location: for (;;) break location',
  'class A extends B { #location; m() { return super.location + this.#location } }',
  "'location' + /location/.source // location",
  'new window.location.Thing()',
];

describe('rewriting location', () => {
  for (const [source, expected] of REWRITTEN) {
    it(`turns ${source}`, () => assert.equal(rewrite(source), expected));
  }
  for (const source of UNCHANGED) {
    it(`leaves ${source}`, () => assert.equal(rewrite(source), source));
  }

  it('knows what a module imports, exports and declares', () => {
    const own = "import { location } from './a.js'; location.href";
    assert.equal(rewrite(own, 'module'), own);
    const named = "import { location as x } from 'a'; export { x as location }; export const y = location";
    assert.equal(rewrite(named, 'module'), named.replace('y = location', 'y = __cloche.location'));
  });

  it('reads the content of an attribute', () => {
    assert.equal(rewrite('location.reload(); return false', 'handler'), '__cloche.location.reload(); return false');
  });

  it('throws for what is not JavaScript, and for what is nested too deep', () => {
    assert.throws(() => rewrite('location ='), SyntaxError);
    assert.throws(() => rewrite(`location${'+(1'.repeat(200_000)}`));
  });

  it('leaves a script that runs as it did, whatever it is made of', () => {
    // Each piece is an expression; in the frame the helper gives `location` itself for what is not a window.
    const piece = fc.constantFrom(
      'location',
      'o.location',
      'o?.location',
      'o?.p.location',
      'n?.p.location',
      "o['location']",
      '1',
      "'x'",
      'o',
    );
    const form = fc.constantFrom(
      '(A)',
      '[A, B]',
      '{ a: A }.a',
      'A == B',
      'f(A, B)',
      '(A, B)',
      '`${A}`',
      '(() => A)()',
      '(() => { let location = A; return location })()',
    );
    const source = fc.tuple(form, piece, piece).map(([text, a, b]) => text.replace('A', a).replace('B', b));
    fc.assert(
      fc.property(fc.array(source, { minLength: 1, maxLength: 6 }), (parts) => {
        const script = `return [${parts.map((part) => (part.startsWith('{') ? `(${part})` : part)).join(', ')}]`;
        const run = (text: string): string => {
          const location = { href: 'x' };
          const helper = Object.assign((owner: unknown) => owner, { location });
          const o = { location: { href: 'y' }, p: { location: 'z' } };
          try {
            const call = new Function('location', '__cloche', 'o', 'n', 'f', text);
            return JSON.stringify(call(location, helper, o, undefined, (...all: unknown[]) => all));
          } catch (error) {
            return String(error);
          }
        };
        assert.equal(run(rewrite(script, 'handler')), run(script));
      }),
    );
  });
});
