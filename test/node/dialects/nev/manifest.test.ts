// Manifests of Nev plugins: the fields, what they ask for, and what decides on that.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostCallContext } from '../../../../src/capabilities/host-function.ts';
import { filesScope } from '../../../../src/capabilities/scopes/files-scope.ts';
import { nevCapabilities } from '../../../../src/dialects/nev/capabilities.ts';
import { code } from '../../../../src/dialects/nev/code.ts';
import { mayRun } from '../../../../src/dialects/nev/functions/commands.ts';
import { matchesGlob } from '../../../../src/dialects/nev/functions/events.ts';
import { nev } from '../../../../src/dialects/nev/nev.ts';
import type { ManifestDraft, ReadOptions } from '../../../../src/manifest/manifest-draft.ts';
import { readManifest } from '../../../../src/package/read-manifest.ts';

async function read(text: string, options: ReadOptions = { paths: 'package' }): Promise<ManifestDraft> {
  return (await readManifest(text, [nev], options)).draft;
}

const FULL = `{
  // Written by hand.
  "name": "Jump list", "version": "0.0.1", "authors": ["A", "B"], "repository": "https://example.com/jump",
  "wasm": "./jump.1.m.wasm", "autoLoad": true, "autoReload": true, "load": [1], "license": "MIT",
  "commands": {
    "list": {},
    "go": { "parameters": [{ "name": "index", "type": "int" }], "returnType": "string", "description": "Goes there" },
  },
  "permissions": { "commands": { "allow": ["open"] }, "time": true, "wasi": "full", },
}`;

const scopeOf = ({ permissions }: ManifestDraft, name: string): unknown =>
  permissions.find(({ capability }) => capability === name)?.scope;

describe('a manifest of Nev', () => {
  it('has comments, trailing commas and keys that nobody knows', async () => {
    const draft = await read(FULL, { paths: 'package', folder: 'jump' });
    assert.deepEqual([draft.id, draft.name, draft.version, draft.author], ['jump', 'Jump list', '0.0.1', 'A, B']);
    assert.deepEqual([draft.homepage, draft.apiVersion, draft.autoStart], ['https://example.com/jump', 1, true]);
    assert.deepEqual(draft.modules, [
      { name: 'main', hash: undefined, origin: { kind: 'path', path: 'jump.1.m.wasm' } },
    ]);
    assert.deepEqual(draft.commands[1], {
      name: 'go',
      params: [{ name: 'index', type: 'int' }],
      returnType: 'string',
      description: 'Goes there',
      handler: undefined,
      callback: undefined,
    });
    assert.deepEqual(
      draft.permissions.map(({ capability, scope }) => [capability, scope]),
      [
        ['editor-commands', { allow: ['open'] }],
        ['wasi', { mode: 'full' }],
        ['clock', { mode: 'real' }],
      ],
    );
  });

  it('asks for the least where it says nothing', async () => {
    const draft = await read('{ "wasm": "a.m.wasm", "permissions": { "commands": {}, "filesystemRead": {} } }');
    assert.deepEqual(
      draft.permissions.map(({ capability, scope }) => [capability, scope]),
      [
        ['wasi', { mode: 'reduced' }],
        ['clock', { mode: 'none' }],
      ],
    );
    assert.deepEqual([draft.apiVersion, draft.commands, draft.warnings], [0, [], []]);
  });

  it('is called by what stands there, where the address has escapes that are none', async () => {
    const options = { paths: 'base', baseUrl: 'https://example.com/plugins/50%zz/manifest.json' } as const;
    assert.match((await read('{ "wasm": "a.m.wasm" }', options)).id ?? '', /^50/);
  });

  it('is called like the folder that it was fetched from', async () => {
    const options = { paths: 'base', baseUrl: 'https://example.com/plugins/har%70oon/manifest.json' } as const;
    assert.equal((await read('{ "wasm": "a.m.wasm" }', options)).id, 'harpoon');
  });

  it('that asks for `filesystem` is read as asking to read and to write, and is warned', async () => {
    const draft = await read('{ "wasm": "a.m.wasm", "permissions": { "filesystem": { "allow": ["ws0://src"] } } }');
    assert.deepEqual(scopeOf(draft, 'files'), { read: { allow: ['ws0://src'] }, write: { allow: ['ws0://src'] } });
    assert.match(draft.warnings.join(), /filesystemRead/);
  });

  it('fails as a whole for a value of the wrong type', async () => {
    const wrong: [string, RegExp][] = [
      ['"name": 1', /`name` should be text/],
      ['"authors": "A"', /`authors` should be an array/],
      ['"autoLoad": 1', /`autoLoad` should be true or false/],
      ['"apiVersion": "1"', /`apiVersion` should be a whole number/],
      ['"apiVersion": 2', /`apiVersion` is 2; versions 0 and 1/],
      ['"name": "x" "autoLoad": true', /not valid JSON at line 1, column 35: expected a comma or `}`/],
      ['"commands": []', /`commands` should be an object/],
      ['"commands": { "a": { "parameters": {} } }', /parameters` should be an array/],
      ['"permissions": { "time": 1 }', /`permissions\.time` should be true or false/],
      ['"permissions": { "wasi": "some" }', /`permissions\.wasi` should be one of/],
      ['"permissions": { "commands": { "allow": "open" } }', /`permissions\.commands\.allow` should be an array/],
    ];
    for (const [field, message] of wrong) {
      await assert.rejects(read(`{ "wasm": "a.m.wasm", ${field} }`), { code: 'MANIFEST_INVALID', message });
    }
    await assert.rejects(read('{ "wasm": "../a.m.wasm" }'), { code: 'MANIFEST_INVALID' });
  });

  it('that asks for all of WASI finds the roots there, behind folders that it names', async () => {
    const folder = '{ "host": "ws0://a", "guest": "/a", "read": true }';
    const asked = `"wasi": "full", "wasiPreopenDirs": [${folder}, { "host": "/home", "guest": "/" }]`;
    const draft = await read(`{ "wasm": "a.m.wasm", "permissions": { ${asked} } }`);
    assert.deepEqual(draft.program?.folders.slice(0, 2), [
      ['ws0://a', '/a'],
      ['ws0://', 'ws0://'],
    ]);
    assert.deepEqual(scopeOf(draft, 'files'), { read: { allow: ['ws0://a'] } });
    assert.match(draft.warnings.join(), /of a machine, which are not opened: paths here begin with ws0:/);
    assert.equal((await read('{ "wasm": "a.m.wasm" }')).program, undefined);
  });

  it('that was stored before such plugins had files finds the roots all the same', async () => {
    const found = (text: string) =>
      read(text).then(({ program: _, ...stored }) => code.guest(stored as never, new Map()).program?.folders);
    const roots = ['ws0://', 'app://', 'home://', 'config://'].map((root) => [root, root]);
    assert.deepEqual(await found('{ "wasm": "a.m.wasm", "permissions": { "wasi": "full" } }'), roots);
    assert.equal(await found('{ "wasm": "a.m.wasm", "permissions": { "commands": { "allowAll": true } } }'), undefined);
  });

  it('is warned of permissions that are called otherwise, which ask for nothing', async () => {
    const asked = '"fileSystemRead": { "allowAll": true }, "commands": { "alow": ["open"] }, "x\\u0000": 1';
    const { warnings, permissions } = await read(`{ "wasm": "a.m.wasm", "permissions": { ${asked} } }`);
    assert.match(
      warnings.join('\n'),
      /`permissions\.fileSystemRead`, which is ignored\. Did you mean `filesystemRead`\?/,
    );
    assert.match(warnings.join('\n'), /`permissions\.commands\.alow`, which is ignored\. Did you mean `allow`\?/);
    assert.equal(warnings.length, 3);
    assert.deepEqual(
      permissions.map(({ capability }) => capability),
      ['wasi', 'clock'],
    );
  });

  it('may have a version of any type, as that is no field of it', async () => {
    const version = async (given: string) => (await read(`{ "wasm": "a.m.wasm", "version": ${given} }`)).version;
    assert.deepEqual([await version('"1.2"'), await version('2'), await version('{}')], ['1.2', '', '']);
  });

  it('names a module, or its text', async () => {
    const { modules } = await read('{ "wasm": "a.wat" }');
    assert.deepEqual(modules[0]?.origin, { kind: 'path', path: 'a.wat' });
  });

  it('that is not there is known by the interfaces of a module, and not by those that its text names', () => {
    const text = new TextEncoder().encode('(module (import "nev:plugins/core" "api-version" (func)))');
    const header = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    const recognised = (...bytes: number[]) => nev.recognise({ kind: 'bytes', bytes: Uint8Array.from(bytes) });
    assert.equal(recognised(...header, ...text), 'mark');
    assert.equal(recognised(...text), undefined);
  });

  const versions: [wasm: string, apiVersion: string, expected: number][] = [
    ['plugin.m.wasm', '', 0],
    ['plugin.1.m.wasm', '', 1],
    ['plugin.1.m.wasm', '"apiVersion": 0,', 0],
    ['plugin.1.m.wasm', '"apiVersion": -1,', 1],
    ['my.plugin.m.wasm', '', 0],
    ['plugin.1.wat', '', 0],
  ];
  for (const [wasm, apiVersion, expected] of versions) {
    it(`takes version ${expected} of ${wasm} ${apiVersion}`, async () => {
      assert.equal((await read(`{ ${apiVersion} "wasm": "${wasm}" }`)).apiVersion, expected);
    });
  }
});

describe('permission to run commands', () => {
  const rule = nevCapabilities().find(({ name }) => name === 'editor-commands')?.scope;
  const mayBy = async (permission: string, name: string): Promise<boolean> => {
    const draft = await read(`{ "wasm": "a.m.wasm", "permissions": { "commands": ${permission} } }`);
    const asked = scopeOf(draft, 'editor-commands');
    const grant = asked === undefined ? { disallowAll: true } : rule?.parse(asked, 'commands');
    return mayRun(name, { grant, policy: undefined } as HostCallContext);
  };
  const table: [permission: string, name: string, expected: boolean][] = [
    ['{}', 'open', false],
    ['{ "allow": ["open"] }', 'open', true],
    ['{ "allow": ["open"] }', 'open-file', false],
    ['{ "allow": ["open"] }', 'Open', false],
    ['{ "allow": ["open"] }', 'open ', false],
    ['{ "allowAll": true, "disallow": ["quit"] }', 'quit', false],
    ['{ "allowAll": true, "disallow": ["quit"] }', 'quit ', false],
    ['{ "allowAll": true, "disallow": ["quit"] }', 'quit\tnow', false],
    ['{ "allowAll": true, "disallow": ["quit"] }', 'harpoon.set', true],
    ['{ "allowAll": true, "disallowAll": true }', 'open', false],
    ['{ "allow": ["open"], "disallow": ["open"] }', 'open', false],
    ['{ "allow": ["open"], "disallowAll": true }', 'open', false],
    ['{ "disallowAll": false }', 'open', false],
    ['{ "allowAll": true }', '', false],
  ];
  for (const [permission, name, expected] of table) {
    it(`${expected ? 'allows' : 'denies'} ${JSON.stringify(name)} under ${permission}`, async () => {
      assert.equal(await mayBy(permission, name), expected);
    });
  }

  it('is what the policy leaves of it', () => {
    const context = { grant: undefined, policy: { allow: ['open'] } } as unknown as HostCallContext;
    assert.deepEqual([mayRun('open', context), mayRun('quit', context)], [true, false]);
  });
});

describe('permission to read files', () => {
  const table: [permission: string, path: string, expected: boolean][] = [
    ['{}', 'ws0://a.txt', false],
    ['{ "allowAll": true }', 'local:///etc/hosts', true],
    ['{ "allowAll": true, "disallow": ["ws0://src"] }', 'ws0://src/a', false],
    ['{ "allowAll": true, "disallow": ["ws0://src"] }', 'ws0://src-private/a', true],
    ['{ "allowAll": true, "disallow": ["ws0://src"] }', 'ws0://other/../src/a', false],
    ['{ "allow": ["ws0://src/"] }', 'ws0://src-private/a', false],
    ['{ "allow": ["ws0://src"], "disallow": ["ws0://src/secret"] }', 'ws0://src/secret/k', false],
    ['{ "disallowAll": true, "allowAll": true }', 'ws0://a', false],
    ['{ "disallowAll": false }', 'ws0://a', false],
  ];
  for (const [permission, path, expected] of table) {
    it(`${expected ? 'allows' : 'denies'} ${path} under ${permission}`, async () => {
      const draft = await read(`{ "wasm": "a.m.wasm", "permissions": { "filesystemRead": ${permission} } }`);
      const scope = filesScope.parse(scopeOf(draft, 'files') ?? {}, 'files');
      assert.equal(filesScope.decide?.(scope, { read: path }).allowed, expected);
    });
  }
});

describe('a pattern of events', () => {
  const table: [pattern: string, name: string, expected: boolean][] = [
    ['app/initialized', 'app/initialized', true],
    ['app/*', 'app/initialized', true],
    ['*', '', true],
    ['editor/*/saved', 'editor/1/saved', true],
    ['editor/*/saved', 'editor/1/loaded', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*a*b', 'xxaxxb', true],
    ['*a*b', 'xxbxxa', false],
    ['', 'a', false],
  ];
  for (const [pattern, name, expected] of table) {
    it(`${JSON.stringify(pattern)} ${expected ? 'is' : 'is not'} of ${JSON.stringify(name)}`, () => {
      assert.equal(matchesGlob(pattern, name), expected);
    });
  }

  it('of many stars takes no longer for that', () => {
    assert.equal(matchesGlob('*a'.repeat(100), `${'a'.repeat(10_000)}b`), false);
  });
});
