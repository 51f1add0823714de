// The one language of lists: which rule decides, in which order, and for which spelling of a name or a path.
// The rows of files and commands are the worked examples of Nev's contract; where Cloche denies more, the row says so.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { canonicalPath, isInFolder } from '../../../src/capabilities/scopes/canonical-path.ts';
import { filesScope } from '../../../src/capabilities/scopes/files-scope.ts';
import { nameScope } from '../../../src/capabilities/scopes/name-scope.ts';
import { throwsCode } from '../../helpers/expect-code.ts';

const names = nameScope({ sentence: (list) => `Run ${list?.join(', ') ?? 'everything'}.` });
const decideName = (rules: unknown, name: string) => names.decide(names.parse(rules, 'grant.commands'), { name });
const decideRead = (rules: unknown, read: string) => {
  const scope = filesScope.parse({ read: rules }, 'grant.files');
  return filesScope.decide?.(scope, { read }) ?? assert.fail('files decide');
};

describe('P11: a scope of names that an app describes otherwise than it meant', () => {
  const sentence = () => 'Use names.';

  it('is none', () => {
    const wrong: [object, RegExp][] = [
      [{ sentence, cover: () => true }, /`cover` of `nameScope\(\)`.*`covers`/],
      [{}, /`sentence`/],
    ];
    for (const [options, message] of wrong) {
      assert.throws(() => nameScope(options as never), { code: 'OPTION_INVALID', message });
    }
  });
});

describe('commands', () => {
  const rows: [rules: unknown, name: string, allowed: boolean, rule: string, entry?: string][] = [
    [{ allow: ['open'] }, 'open', true, 'allow', 'open'],
    [{ allow: ['open'] }, 'open-file', false, 'none'],
    [{ allow: ['open'] }, 'Open', false, 'none'],
    [{ allow: ['open'] }, 'open ', false, 'unreadable'],
    [{ allowAll: true, disallow: ['quit'] }, 'quit', false, 'disallow', 'quit'],
    // The original allows this one, and then runs `quit`.
    [{ allowAll: true, disallow: ['quit'] }, 'quit ', false, 'unreadable'],
    [{ allowAll: true, disallow: ['quit'] }, 'harpoon.set', true, 'allowAll'],
    [{}, 'open', false, 'none'],
    [{ disallowAll: true, allowAll: true, allow: ['open'] }, 'open', false, 'disallowAll'],
    [{ disallowAll: false }, 'open', false, 'none'],
    [{ allow: ['open'], disallow: ['open'] }, 'open', false, 'disallow', 'open'],
  ];
  for (const [rules, name, allowed, rule, entry] of rows) {
    it(`${JSON.stringify(rules)} ${allowed ? 'allows' : 'denies'} "${name}", by ${rule}`, () => {
      assert.deepEqual(decideName(rules, name), { allowed, rule, entry });
    });
  }

  it('without a scope are all allowed, but for what is no name', () => {
    assert.equal(names.decide(undefined, { name: 'make' }).allowed, true);
    assert.equal(names.decide(undefined, { name: 'ma\u0000ke' }).allowed, false);
    throwsCode('OPTION_INVALID', () => names.decide(undefined, {}));
  });

  it('are no commands with blanks at their ends, controls, or in a form that NFC changes', () => {
    for (const text of [' a', 'a\n', 'e\u0301', '', 'a'.repeat(1_001)]) {
      assert.equal(decideName({ allowAll: true }, text).rule, 'unreadable', JSON.stringify(text));
      throwsCode('OPTION_INVALID', () => names.parse({ allow: [text] }, 'grant.commands'));
    }
  });
});

describe('files', () => {
  const rows: [rules: unknown, path: string, allowed: boolean, rule: string][] = [
    [{}, 'ws0://a.txt', false, 'none'],
    [{ allowAll: true }, 'local:///etc/hosts', true, 'allowAll'],
    [{ allowAll: true, disallow: ['ws0://src'] }, 'ws0://src/a', false, 'disallow'],
    // A plain prefix in the original, which denies this one, and allows it in the row after the next.
    [{ allowAll: true, disallow: ['ws0://src'] }, 'ws0://src-private/a', true, 'allowAll'],
    [{ allowAll: true, disallow: ['ws0://src'] }, 'ws0://other/../src/a', false, 'disallow'],
    [{ allow: ['ws0://src/'] }, 'ws0://src-private/a', false, 'none'],
    [{ allow: ['ws0://src'], disallow: ['ws0://src/secret'] }, 'ws0://src/secret/k', false, 'disallow'],
    [{ disallowAll: true, allowAll: true }, 'ws0://a', false, 'disallowAll'],
    [{ disallowAll: false }, 'ws0://a', false, 'none'],
    [{ allow: ['ws0://'] }, 'ws0://any/thing', true, 'allow'],
    [{ allow: ['ws0://'] }, 'ws1://any/thing', false, 'none'],
    [{ allow: ['/'] }, '/etc/hosts', true, 'allow'],
    [{ allow: ['Ws0://src'] }, 'ws0://src/a', true, 'allow'],
    [{ allow: ['ws0://Src'] }, 'ws0://src/a', false, 'none'],
  ];
  for (const [rules, path, allowed, rule] of rows) {
    it(`${JSON.stringify(rules)} ${allowed ? 'allows' : 'denies'} "${path}", by ${rule}`, () => {
      const decision = decideRead(rules, path);
      assert.deepEqual([decision.allowed, decision.rule], [allowed, rule]);
    });
  }

  it('are read and written by lists of their own', () => {
    const scope = filesScope.parse({ read: { allow: ['ws0://'] } }, 'grant.files');
    assert.equal(filesScope.decide?.(scope, { read: 'ws0://a' }).allowed, true);
    assert.equal(filesScope.decide?.(scope, { write: 'ws0://a' }).allowed, false);
    throwsCode('OPTION_INVALID', () => filesScope.decide?.(scope, { read: 'ws0://a', write: 'ws0://a' }));
  });

  it('are no paths where two readers may open two files', () => {
    for (const path of [
      '',
      'ws0://..',
      'ws0://a/../../b',
      'ws0://a\\..\\b',
      'ws0://%2e%2e/b',
      'a%2fb',
      'a\u0000b',
      'a\u202eb',
      '\ud800',
    ]) {
      assert.equal(decideRead({ allowAll: true }, path).rule, 'unreadable', JSON.stringify(path));
    }
  });
});

const segment = fc.string({
  minLength: 1,
  maxLength: 6,
  unit: fc.constantFrom('a', 'b', 'é', 'A', '-', '.', ' ', '1'),
});
const isPlain = (text: string): boolean => text !== '.' && text !== '..' && !/^\.\.?;/.test(text);
const segments = fc.array(segment.filter(isPlain), { maxLength: 5 });
const root = fc.constantFrom('ws0://', 'local:///', '/');

/** The same path as a person, a tool or an attacker may write it. */
const spelt = (at: string, parts: readonly string[]) =>
  fc
    .array(fc.tuple(fc.nat(parts.length), fc.constantFrom('.', '', 'x/..', './/x/../.')), { maxLength: 4 })
    .map((noise) => {
      const out = [...parts];
      for (const [index, text] of noise) out.splice(Math.min(index, out.length), 0, ...text.split('/'));
      const text = at + out.join('/');
      return fc.sample(fc.boolean(), { numRuns: 1, seed: text.length })[0] ? `${text.normalize('NFD')}/` : text;
    });

const spelling = fc
  .tuple(root, segments)
  .chain(([at, parts]) => fc.record({ path: fc.constant(at + parts.join('/')), spelling: spelt(at, parts) }));

describe('paths, spelt in any way', () => {
  it('have one canonical form, which is its own', () => {
    fc.assert(
      fc.property(spelling, ({ path, spelling: text }) => {
        const canonical = canonicalPath(path);
        assert.equal(canonicalPath(text), canonical);
        assert.equal(canonical && canonicalPath(canonical), canonical);
      }),
      { numRuns: 2_000 },
    );
  });

  it('X13: pass a grant where their canonical form does, and only there', () => {
    const rules = fc.record(
      { allow: fc.array(spelling), disallow: fc.array(spelling), allowAll: fc.boolean() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(rules, spelling, ({ allow = [], disallow = [], allowAll = false }, { path, spelling: text }) => {
        const list = (entries: typeof allow, key: 'path' | 'spelling') => entries.map((entry) => entry[key]);
        const plain = { allow: list(allow, 'path'), disallow: list(disallow, 'path'), allowAll };
        const odd = { allow: list(allow, 'spelling'), disallow: list(disallow, 'spelling'), allowAll };
        assert.deepEqual(decideRead(odd, text), decideRead(plain, path));
      }),
      { numRuns: 2_000 },
    );
  });

  it('never leave a folder that an entry names', () => {
    fc.assert(
      fc.property(segments, fc.string({ maxLength: 30 }), (folder, rest) => {
        const entry = `ws0://${folder.join('/')}`;
        const { allowed } = decideRead({ allow: [entry] }, `${entry}/${rest}`);
        const opened = canonicalPath(`${entry}/${rest}`);
        if (allowed) assert.ok(opened !== undefined && isInFolder(canonicalPath(entry) ?? '', opened));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('whether a grant covers another', () => {
  const rows: [what: string, outer: unknown, inner: unknown, covers: boolean][] = [
    ['the same', { allow: ['a'] }, { allow: ['a'] }, true],
    ['less', { allow: ['a', 'b'] }, { allow: ['a'] }, true],
    ['more', { allow: ['a'] }, { allow: ['a', 'b'] }, false],
    ['all', { allow: ['a'] }, { allowAll: true }, false],
    ['anything under all', { allowAll: true }, { allow: ['a'] }, true],
    ['all without the exception', { allowAll: true, disallow: ['a'] }, { allowAll: true }, false],
    ['all with the exception', { allowAll: true, disallow: ['a'] }, { allowAll: true, disallow: ['a', 'b'] }, true],
    ['the exception itself', { allowAll: true, disallow: ['a'] }, { allow: ['a'] }, false],
    ['something beside the exception', { allowAll: true, disallow: ['a'] }, { allow: ['b'] }, true],
    ['nothing', { disallowAll: true }, {}, true],
    ['anything where nothing is allowed', { disallowAll: true, allow: ['a'] }, { allow: ['a'] }, false],
  ];
  for (const [what, outer, inner, covers] of rows) {
    it(`${covers ? 'is so' : 'is not so'} of ${what}`, () => {
      assert.equal(names.covers?.(names.parse(outer, 'a'), names.parse(inner, 'b')), covers);
    });
  }

  it('never says so where something would pass that did not', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const rules = fc.record(
      {
        disallowAll: fc.boolean(),
        disallow: fc.array(name, { maxLength: 2 }),
        allowAll: fc.boolean(),
        allow: fc.array(name, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(rules, rules, name, (outer, inner, asked) => {
        const [a, b] = [names.parse(outer, 'a'), names.parse(inner, 'b')];
        if (!names.covers?.(a, b)) return;
        assert.ok(!names.decide(b, { name: asked }).allowed || names.decide(a, { name: asked }).allowed);
      }),
      { numRuns: 5_000 },
    );
  });
});
