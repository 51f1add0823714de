// What a plugin of Windmill may say of itself: docs/contracts/windmill.md, section 3.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completed } from '../../../../src/dialects/windmill/manifest.ts';
import type { Introspection } from '../../../../src/manifest/dialect.ts';
import type { PluginManifest } from '../../../../src/manifest/plugin-manifest.ts';
import { encodeValues } from '../../../../src/runtime/wire/component/values.ts';

interface Told {
  readonly routes?: readonly (readonly [path: string, handler: string])[];
  readonly hooks?: readonly string[];
}

/** The manifest of `miru`, which exports `greet`, as `get-manifest` gives it. */
async function manifestOf({ routes = [], hooks = ['greet'] }: Told): Promise<PluginManifest> {
  const told = {
    pluginName: 'miru',
    hooks,
    routes: routes.map(([path, handler]) => ({ path, handler, processAsTask: false })),
    tasks: [],
  };
  const plugin: Introspection = {
    ask: async () => undefined,
    askWith: async () => encodeValues([told]),
    exports: async () => ['plugins-manager:common/plugin-common#get-manifest', 'greet'],
    imports: async () => [],
    canWait: true,
    note: (text) => assert.fail(text),
  };
  return completed({ id: 'miru' } as PluginManifest, plugin);
}

const REFUSED: readonly (readonly [told: Told, message: RegExp])[] = [
  [
    { routes: [['/mirux/create', 'greet']] },
    /`routes\[0\]\.path` should be `\/miru` or begin with `\/miru\/`, not `\/mirux\/create`/,
  ],
  [{ routes: [['/Miru/create', 'greet']] }, /routes\[0\]\.path/],
  [
    {
      routes: [
        ['/miru/a', 'greet'],
        ['/miru/a', 'greet'],
      ],
    },
    /`routes\[1\]\.path` is `\/miru\/a`, which another route has/,
  ],
  [{ routes: [['/miru/a', 'none']] }, /`none`, which the component does not export/],
  [{ hooks: ['greet', 'none'] }, /`hooks\[1\]` is `none`/],
];

describe('the manifest of a plugin of Windmill', () => {
  it('has its hooks, and its routes without its name', async () => {
    const { name, handlers } = await manifestOf({ routes: [['/miru/a', 'greet']] });
    assert.equal(name, 'miru');
    assert.deepEqual(handlers, [
      { use: 'hook', handler: 'greet', path: undefined },
      { use: 'endpoint', handler: 'greet', path: '/a' },
    ]);
  });

  it('is refused for a route outside of its name, two of one path, and what it does not export', async () => {
    for (const [told, message] of REFUSED)
      await assert.rejects(manifestOf(told), { code: 'MANIFEST_INVALID', message });
  });
});
