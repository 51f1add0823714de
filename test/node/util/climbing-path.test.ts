// One rule against paths that climb, and all who use it: grants for http, what pages of plugins ask for, and routes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isBelow } from '../../../src/capabilities/http/path-prefix.ts';
import { belowPlugins, pluginPath } from '../../../src/extensions/plugin-path.ts';
import { pluginUrl } from '../../../src/frames/plugin-url.ts';
import { climbs } from '../../../src/util/climbing-path.ts';

const ORIGIN = 'https://host.example';
const PLUGIN = '/api/plugins/demo/';

type Rule = 'allow' | 'deny';

/** The path of a parsed URL; whether it may stay where encoded slashes are allowed, and where they are not. */
const paths: [path: string, dots: Rule, slashes: Rule][] = [
  ['/a/b', 'allow', 'allow'],
  ['/a/..x/.y/z../...', 'allow', 'allow'],
  ['/a/b;v=1/c', 'allow', 'allow'],
  ['/100%25', 'allow', 'allow'],
  ['/%E2%82%AC/%ff', 'allow', 'allow'],
  ['/a%3fb%23c', 'allow', 'allow'],
  ['/a%2525b', 'allow', 'allow'],
  ['/a%2fb', 'allow', 'deny'],
  ['/a%5Cb', 'allow', 'deny'],
  ['/a%252Fb', 'allow', 'deny'],
  ['/..%2fb', 'deny', 'deny'],
  ['/..%5cb', 'deny', 'deny'],
  ['/a%2f..', 'deny', 'deny'],
  ['/a%2f.%2fb', 'deny', 'deny'],
  ['/a/..;x/b', 'deny', 'deny'],
  ['/a/..%3bx/b', 'deny', 'deny'],
  ['/a/%2e%2e;/b', 'deny', 'deny'],
  ['/a/.;x/b', 'deny', 'deny'],
  ['/a/%252e%252e/b', 'deny', 'deny'],
  ['/a/%252e%252e%252fb', 'deny', 'deny'],
  ['/a/%25252e%25252e%25252fb', 'deny', 'deny'],
  ['/a/%2525252525252e', 'deny', 'deny'],
  ['/%25zz/%252e%252e%252fb', 'deny', 'deny'],
];

const rule = (holds: boolean): Rule => (holds ? 'allow' : 'deny');

describe('N2: paths that climb', () => {
  for (const [path, dots, slashes] of paths) {
    it(`${path}: ${dots}, and ${slashes} where encoded slashes are refused`, () => {
      assert.equal(rule(!climbs(path, 'dots')), dots);
      assert.equal(rule(!climbs(path, 'slashes')), slashes);
      assert.equal(rule(isBelow(`/v1${path}`, '/v1')), slashes, 'for a grant');
      const url = new URL(`${ORIGIN}${PLUGIN.slice(0, -1)}${path}`);
      assert.equal(rule(pluginPath(belowPlugins(url) ?? '/%') !== undefined), dots, 'for a route');
      // Pages may not name what is not UTF-8 either.
      const forPages = path.includes('%ff') ? 'deny' : dots;
      assert.equal(rule(pluginUrl(url.href, ORIGIN, PLUGIN) !== undefined), forPages, 'for a page');
    });
  }

  it('P3: takes time that grows with the length alone', () => {
    for (const piece of ['%25', '../', '..;', '%2e', '/.', ';', '%2525']) {
      const began = performance.now();
      climbs(piece.repeat(16_384 / piece.length), 'dots');
      assert.ok(performance.now() - began < 50, piece);
    }
  });
});
