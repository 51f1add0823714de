// Exceptions of `http`: what is disallowed stays so in every spelling that some server takes for it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseRequestUrl } from '../../../src/capabilities/http/request-url.ts';
import { decideHttp, type HttpScope } from '../../../src/capabilities/http/scope.ts';
import { httpScopeRule } from '../../../src/capabilities/http/scope-rule.ts';

const OWN = 'https://app.example';
const scopeOf = (given: object): HttpScope => httpScopeRule.parse(given, 'grant.http') as HttpScope;
const decide = (given: object, url: string, method = 'GET') =>
  decideHttp(scopeOf(given), { url: parseRequestUrl(url), methods: [method] }, OWN);

describe('a grant of http with exceptions', () => {
  const API = 'https://api.example.com';
  const rows: [given: object, url: string, allowed: boolean, rule: string][] = [
    [{ allow: [API] }, `${API}/v1`, true, 'allow'],
    [{ allowAll: true }, `${API}/v1`, true, 'allow'],
    [{ allowAll: true }, `${OWN}/v1`, false, 'none'],
    [{ disallowAll: true, allowAll: true }, API, false, 'disallowAll'],
    [{ allowAll: true, disallow: ['*.example.com'] }, API, false, 'disallow'],
    [{ allowAll: true, disallow: ['*.example.com'] }, 'https://example.org/', true, 'allow'],
    [{ allow: ['http://localhost:8080'], disallow: ['localhost'] }, 'http://localhost:8080/', false, 'disallow'],
    [{ allow: [API], disallow: [`${API}/admin`] }, `${API}/administrators`, true, 'allow'],
    [{ allow: [API], disallow: [`${API}/admin`] }, `${API}/admin`, false, 'disallow'],
    [{ allow: [API], disallow: [`${API}/admin`] }, `${API}/Admin/users`, false, 'disallow'],
    [{ allow: [API], disallow: [`${API}/admin`] }, `${API}//admin`, false, 'disallow'],
    [{ allow: [API], disallow: [`${API}/admin`] }, `${API}/%61dmin`, false, 'disallow'],
    [{ allow: [API], disallow: [`${API}/admin`] }, `${API}/%2561dmin/x`, false, 'disallow'],
    [{ allow: [API], disallow: [`${API}/admin`] }, `${API}/admin;v=1/x`, false, 'disallow'],
    [{ allow: [API], disallow: [`${API}/admin`] }, `${API}/x%2f..%2fadmin`, false, 'disallow'],
    [{ allow: [`${API}/v1`] }, `${API}/%761/items`, true, 'allow'],
    [{ allow: [`${API}/v1`] }, `${API}/%56%31/items`, false, 'none'],
    [{ allow: [API], methods: ['GET'] }, API, true, 'allow'],
  ];
  for (const [given, url, allowed, rule] of rows) {
    it(`${JSON.stringify(given)} ${allowed ? 'allows' : 'denies'} ${url}, by ${rule}`, () => {
      const decision = decide(given, url);
      assert.deepEqual([decision.allowed, decision.rule], [allowed, rule]);
    });
  }

  it('denies a method by name', () => {
    assert.equal(decide({ allow: [API], methods: ['GET'] }, API, 'DELETE').rule, 'methods');
  });

  it('X13: lets no spelling of a path through that a lax server takes for the exception', () => {
    const letters = [...'admin'].map((letter) => {
      const hex = letter.charCodeAt(0).toString(16);
      return fc.constantFrom(letter, letter.toUpperCase(), `%${hex}`, `%25${hex}`);
    });
    const before = fc.constantFrom('', '/', '/.', '/x/..', '/x/%2e%2e');
    const after = fc.constantFrom('', '/', '/users', ';a=b', ';a/users', '?q=1');
    fc.assert(
      fc.property(before, fc.tuple(...letters), after, (head, name, tail) => {
        const given = { allow: [API], disallow: [`${API}/admin`] };
        assert.equal(decide(given, `${API}${head}/${name.join('')}${tail}`).allowed, false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('allows the narrowest scope that it names for a denied use, and no other host', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['https'] }), (url) => {
        const narrowest = httpScopeRule.narrowest({ url });
        assert.equal(decide(narrowest as object, url).allowed, true);
        assert.equal(
          decide(narrowest as object, 'https://other.example/').allowed,
          new URL(url).host === 'other.example',
        );
      }),
    );
  });
});

describe('whether a grant of http covers another that has exceptions', () => {
  const covers = (outer: object, inner: object) => httpScopeRule.covers?.(scopeOf(outer), scopeOf(inner));
  const rows: [outer: object, inner: object, covers: boolean][] = [
    [{ allow: ['*'], disallow: ['a.com'] }, { allow: ['*'] }, false],
    [{ allow: ['*'], disallow: ['a.com'] }, { allow: ['*'], disallow: ['a.com', 'b.com'] }, true],
    [{ allow: ['*'], disallow: ['a.com'] }, { allow: ['b.com'] }, true],
    [{ allow: ['*'], disallow: ['a.com'] }, { allow: ['a.com'] }, false],
    [{ allow: ['*'], disallow: ['*.a.com'] }, { allow: ['b.com'] }, false],
    [{ disallowAll: true, allow: ['a.com'] }, { allow: ['a.com'] }, false],
    [{ allow: [] }, { disallowAll: true, allow: ['a.com'] }, true],
  ];
  for (const [outer, inner, expected] of rows) {
    it(`${JSON.stringify(outer)}, ${JSON.stringify(inner)}: ${expected ? 'yes' : 'no'}`, async () => {
      assert.equal(await covers(outer, inner), expected);
    });
  }
});
