// What a person changes of what a manifest asks for. The rows are the worked examples of Nev's contract.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { overridden } from '../../../src/permissions/override.ts';

const MANIFEST = { commands: { allow: ['open'] }, time: true };
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('an override', () => {
  const rows: [what: string, changes: Record<string, unknown>, after: unknown][] = [
    ['changes nothing where it says nothing', {}, MANIFEST],
    ['replaces what it names', { time: false }, { commands: { allow: ['open'] }, time: false }],
    ['replaces an inner object', { commands: { allow: ['quit'] } }, { commands: { allow: ['quit'] }, time: true }],
    [
      'merges an object with `+`, and replaces in it',
      { '+commands': { allow: ['quit'] } },
      { commands: { allow: ['quit'] }, time: true },
    ],
    [
      'appends a list with `+`',
      { '+commands': { '+allow': ['quit'] } },
      { commands: { allow: ['open', 'quit'] }, time: true },
    ],
    [
      'adds beside what is there',
      { '+commands': { disallow: ['rm'] } },
      { commands: { allow: ['open'], disallow: ['rm'] }, time: true },
    ],
    ['replaces a scalar with `+` too', { '+time': false }, { commands: { allow: ['open'] }, time: false }],
    ['begins what is not there', { '+files': { '+read': ['a'] } }, { ...MANIFEST, files: { read: ['a'] } }],
  ];
  for (const [what, changes, after] of rows) {
    it(what, () => assert.deepEqual(plain(overridden(MANIFEST, changes)), after));
  }

  it('is of no prototype’s keys', () => {
    const changes = JSON.parse('{ "+__proto__": { "polluted": true }, "__proto__": { "polluted": true } }') as object;
    overridden(MANIFEST, changes as Record<string, unknown>);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
});
