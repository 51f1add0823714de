// What settings of the app make of what a manifest of Nev asks for: the table of docs/contracts, and what has no form.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultCapabilities } from '../../../../src/capabilities/defaults.ts';
import type { HostCallContext } from '../../../../src/capabilities/host-function.ts';
import type { EditorService } from '../../../../src/capabilities/services.ts';
import { nevCapabilities } from '../../../../src/dialects/nev/capabilities.ts';
import { settingFunctions } from '../../../../src/dialects/nev/functions/settings.ts';
import { nev } from '../../../../src/dialects/nev/nev.ts';
import { SettingGrants } from '../../../../src/dialects/nev/setting-grants.ts';
import { readManifest } from '../../../../src/package/read-manifest.ts';
import { resolveGrants } from '../../../../src/permissions/grants.ts';

const capabilities = [...defaultCapabilities(), ...nevCapabilities()];

/** What is granted of what a manifest can ask for, under these settings. */
async function granted(permissions: object, settings: Record<string, unknown>): Promise<Record<string, unknown>> {
  const text = JSON.stringify({ wasm: 'a.m.wasm', permissions });
  const { draft } = await readManifest(text, [nev], { paths: 'package' });
  const given = new Map(Object.entries(settings).map(([key, value]) => [`plugin.x.${key}`, value]));
  const settled = new SettingGrants(given, new Set(capabilities.map(({ name }) => name))).of('x');
  const dialect = { linked: [], requests: () => draft.permissions };
  const question = { manifest: { ...draft, id: 'x' }, dialect, importedFunctions: [], capabilities, policy: new Map() };
  const grants = resolveGrants({ ...question, grant: settled?.grant ?? 'manifest' });
  const named = ['files', 'editor-commands', 'clock', 'wasi'].filter((name) => grants.has(name));
  return Object.fromEntries(named.map((name) => [name, grants.get(name)]));
}

const ASKED = { commands: { allow: ['open'] }, time: true };
const OPEN = { allow: ['open'] };
const REDUCED = { wasi: { mode: 'reduced' } };
const TIME = { clock: { mode: 'real' } };
const NO_TIME = { clock: { mode: 'none' } };

describe('settings of the app', () => {
  const table: [what: string, settings: Record<string, unknown>, expected: Record<string, unknown>][] = [
    ['nothing', {}, { 'editor-commands': OPEN, ...TIME, ...REDUCED }],
    ['an empty object in the place', { permissions: {} }, { ...NO_TIME, ...REDUCED }],
    ['one key in the place', { permissions: { time: false } }, { ...NO_TIME, ...REDUCED }],
    ['one key beside', { '+permissions': { time: false } }, { 'editor-commands': OPEN, ...NO_TIME, ...REDUCED }],
    [
      'an object in the place of one',
      { '+permissions': { commands: { allow: ['quit'] } } },
      { 'editor-commands': { allow: ['quit'] }, ...TIME, ...REDUCED },
    ],
    [
      'a list beside one',
      { '+permissions': { '+commands': { '+allow': ['quit'] } } },
      { 'editor-commands': { allow: ['open', 'quit'] }, ...TIME, ...REDUCED },
    ],
    [
      'an exception beside a list',
      { '+permissions': { '+commands': { disallow: ['open'] } } },
      { 'editor-commands': { disallow: ['open'], allow: ['open'] }, ...TIME, ...REDUCED },
    ],
    [
      'files, of which it asks for none',
      { '+permissions': { '+filesystemRead': { '+allow': ['ws0://src'] } } },
      { files: { read: { allow: ['ws0://src'] } }, 'editor-commands': OPEN, ...TIME, ...REDUCED },
    ],
    ['both', { permissions: { time: true }, '+permissions': { wasi: 'none' } }, { ...TIME, wasi: { mode: 'none' } }],
    [
      'both, of one thing',
      { permissions: { commands: OPEN }, '+permissions': { '+commands': { '+allow': ['quit'] } } },
      { 'editor-commands': { allow: ['open', 'quit'] }, ...NO_TIME, ...REDUCED },
    ],
  ];
  for (const [what, settings, expected] of table) {
    it(`say ${what}`, async () => assert.deepEqual(await granted(ASKED, settings), expected));
  }

  it('grant nothing where they cannot be read, or are only promised', async () => {
    const least = { ...NO_TIME, wasi: { mode: 'none' } };
    for (const wrong of [1, null, 'all', [], Promise.resolve({ time: true }), { time: 1 }, { commands: 1 }]) {
      assert.deepEqual(await granted(ASKED, { permissions: wrong }), least, String(wrong));
    }
  });

  it('give the same grant as long as they say the same, also where one object was changed', () => {
    const given: { time: boolean } = { time: true };
    const grants = new SettingGrants(new Map([['plugin.x.permissions', given]]), new Set(['clock']));
    const before = grants.of('x');
    assert.equal(grants.of('x'), before);
    assert.equal(grants.of('y'), undefined);
    given.time = false;
    assert.deepEqual(grants.of('x')?.grant, { '+': { clock: { mode: 'none' } } });
  });
});

it('a setting that becomes null is read anew, and grants nothing', () => {
  const settings = new Map<string, unknown>([['plugin.x.+permissions', { time: true }]]);
  const grants = new SettingGrants(settings, new Set(['clock', 'files']));
  assert.equal(grants.of('x')?.problem, undefined);
  settings.set('plugin.x.permissions', null);
  assert.match(grants.of('x')?.problem ?? '', /granted nothing/);
});

it('no plugin sets what plugins may do, nor what holds that', async () => {
  const settings = new Map<string, unknown>();
  const [, set] = settingFunctions({ settings } as unknown as EditorService);
  const context = { log: () => undefined } as unknown as HostCallContext;
  for (const name of ['plugin.x.permissions', '+plugin.x.+permissions', 'plugins.x', 'plugin', '+plugins', '', '+'])
    await set?.call([name, '{}'] as never, context);
  assert.deepEqual([...settings], []);
  await set?.call(['plugged', '{}'] as never, context);
  assert.deepEqual([...settings.keys()], ['plugged']);
});
