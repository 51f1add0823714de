// Containment of host entries: true only where no URL is covered by the inner and not by the outer one.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entryContains } from '../../../src/capabilities/http/entry-contains.ts';
import { entryCovers, parseHostEntry } from '../../../src/capabilities/http/host-pattern.ts';

const OWN = 'https://own.example.org';

const contains = (outer: string, inner: string): boolean =>
  entryContains(parseHostEntry(outer), parseHostEntry(inner), OWN);

const table: readonly [outer: string, inner: string, isContained: boolean][] = [
  ['api.example.com', 'api.example.com', true],
  ['api.example.com', 'https://api.example.com', true],
  ['https://api.example.com', 'api.example.com', true],
  ['api.example.com', 'http://api.example.com', false],
  ['api.example.com', 'https://api.example.com:8443', false],
  ['api.example.com', 'https://api.example.com/v1', true],
  ['https://api.example.com/v1', 'api.example.com', false],
  ['https://api.example.com/v1', 'https://api.example.com/v1/x', true],
  ['https://api.example.com/v1', 'https://api.example.com/v10', false],
  ['https://api.example.com/v1/', 'https://api.example.com/v1', false],
  ['*.example.com', 'api.example.com', true],
  ['*.example.com', 'eu.api.example.com', true],
  ['*.example.com', 'example.com', false],
  ['*.example.com', '*.api.example.com', true],
  ['*.api.example.com', '*.example.com', false],
  ['*.example.com', '*.example.com', true],
  ['*.example.com', '*.badexample.com', false],
  ['a*.example.com', 'ab*.example.com', true],
  ['ab*.example.com', 'a*.example.com', false],
  ['a?.example.com', 'a*.example.com', false],
  ['a*.example.com', 'a?.example.com', true],
  ['?.example.com', '*.example.com', false],
  ['a*b*c.example.com', 'axb*bc.example.com', true],
  ['*', 'api.example.com', true],
  ['*', '*.example.com', true],
  ['*', '*', true],
  ['*', 'http://api.example.com', false],
  ['*', 'localhost', false],
  ['*', 'https://10.0.0.1', false],
  ['*.example.com', '*', false],
  ['api.example.com', '*', false],
  ['localhost', 'http://localhost:8080', true],
  ['http://localhost:8080', 'localhost', false],
  ['*.example.org', OWN, false],
  ['own.example.org', OWN, false],
  [OWN, OWN, true],
  [OWN, `${OWN}/a`, true],
];

describe('entryContains', () => {
  for (const [outer, inner, isContained] of table) {
    it(`${isContained ? 'finds' : 'does not find'} ${inner} within ${outer}`, () => {
      assert.equal(contains(outer, inner), isContained);
    });
  }

  it('X8: never says so where a URL is covered by the inner entry and not by the outer', () => {
    const texts = [...table.map(([outer]) => outer), ...table.map(([, inner]) => inner)];
    const entries = [...new Set(texts)].map(parseHostEntry);
    const hosts = ['api.example.com', 'eu.api.example.com', 'example.com', 'a.example.com', 'ab.example.com'];
    const more = [
      'abc.example.com',
      'axbbc.example.com',
      'own.example.org',
      'localhost',
      '10.0.0.1',
      'a.b.example.com',
    ];
    const origins = [...hosts, ...more].flatMap((host) => [
      `https://${host}`,
      `http://${host}`,
      `https://${host}:8443`,
    ]);
    const urls = origins.flatMap((origin) => ['/', '/v1', '/v1/', '/v1/x', '/v10', '/a'].map((path) => origin + path));
    for (const outer of entries) {
      for (const inner of entries.filter((entry) => entryContains(outer, entry, OWN))) {
        for (const text of [...urls, 'http://localhost:8080/']) {
          const url = new URL(text);
          if (!entryCovers(inner, url, OWN)) continue;
          assert.ok(entryCovers(outer, url, OWN), `${outer.text} contains ${inner.text}, and not ${text}`);
        }
      }
    }
  });
});
