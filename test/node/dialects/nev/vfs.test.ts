// What `nev:plugins/vfs` opens under a manifest's permissions, by each function that has a path. An instance in the background has the
// same functions of the page, so there is no other way to a file.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { files } from '../../../../src/capabilities/files/files.ts';
import type { HostCallContext } from '../../../../src/capabilities/host-function.ts';
import { filesScope } from '../../../../src/capabilities/scopes/files-scope.ts';
import type { FilesService } from '../../../../src/capabilities/services.ts';
import { fileFunctions } from '../../../../src/dialects/nev/functions/vfs.ts';
import { nev } from '../../../../src/dialects/nev/nev.ts';
import { writeTree } from '../../../../src/files/volume/tree.ts';
import { readManifest } from '../../../../src/package/read-manifest.ts';
import { Guest } from '../../files/guest.ts';
import '../../with-resolvers.ts';

type Outcome = 'ok' | 'not-allowed' | 'not-found';

const WAYS = [
  ['filesystemRead', ['read-sync', 'read-rope-sync']],
  ['filesystemWrite', ['write-sync', 'write-rope-sync']],
] as const;
const { files: service, filesData } = files().services ?? {};
const functions = new Map(fileFunctions(service as FilesService).map((fn) => [fn.name, fn]));
const CONTENT = new TextEncoder().encode('content');
const OWNER = { installation: 'one', temporary: true };
const FILES = ['a.txt', 'src/a', 'src/secret/k', 'src/secret-not/k', 'src-private/a'];

/** Puts them there, in the place of all that was. */
async function putFiles(): Promise<void> {
  const [owner, nobody] = [new Guest({ read: ALL, write: ALL }), new Guest()];
  for (const path of FILES) owner.put(path, 'old');
  const contents: Uint8Array[] = [];
  const tree = writeTree(owner.volume, (file) => `${contents.push(owner.volume.read(file, 0, file.size)) - 1}`);
  const others = ['app://', 'home://', 'config://'].map((root) => [root, writeTree(nobody.volume, () => '')]);
  const all = { trees: { 'ws0://': tree, ...Object.fromEntries(others) }, contents };
  await (await filesData?.())?.replaceAll(OWNER, all, { storageBytes: 1 << 20 }, async () => undefined);
}

async function outcomeOf(name: string, path: string, permissions: object): Promise<Outcome> {
  const { draft } = await readManifest(JSON.stringify({ wasm: 'a.m.wasm', permissions }), [nev], { paths: 'package' });
  const asked = draft.permissions.find(({ capability }) => capability === 'files');
  const context = {
    plugin: { id: 'one', ...OWNER },
    // A plugin without the grant gets no further than the page.
    grant: filesScope.parse(asked?.scope ?? {}, 'files'),
    policy: undefined,
    limits: { storageBytes: 1 << 20 },
    signal: new AbortController().signal,
  } as unknown as HostCallContext;
  const isRead = name.startsWith('read');
  const answer: unknown = await functions.get(name)?.call([path, isRead ? 0 : CONTENT] as never, context);
  // Of a read it is one byte before the content; of a write a list of two numbers.
  const [error = 0, why = 0] = isRead ? [...(answer as Uint8Array).slice(0, 1)] : (answer as number[]);
  if (error === 0) return 'ok';
  return (isRead ? error - 1 : why) === 0 ? 'not-allowed' : 'not-found';
}

const ALL = { allowAll: true } as const;
const NOT_SRC = { ...ALL, disallow: ['ws0://src'] };
const NOT_NONE = { ...ALL, disallow: ['ws0://none'] };
const BUT_SECRET = { allow: ['ws0://src'], disallow: ['ws0://src/secret'] };
const table: readonly (readonly [rules: object, path: string, outcome: Outcome])[] = [
  [{}, 'ws0://a.txt', 'not-allowed'],
  [ALL, 'ws0://a.txt', 'ok'],
  [ALL, 'local:///etc/hosts', 'not-found'],
  [ALL, '/etc/hosts', 'not-found'],
  [{}, 'local:///etc/hosts', 'not-allowed'],
  [{ allow: ['ws0://src'] }, '/etc/hosts', 'not-allowed'],
  [{ ...ALL, disallow: ['local:///etc'] }, 'local:///etc/hosts', 'not-allowed'],
  [ALL, 'ws0://../a.txt', 'not-allowed'],
  [NOT_SRC, 'ws0://src/a', 'not-allowed'],
  [NOT_SRC, 'ws0://src', 'not-allowed'],
  [NOT_SRC, 'ws0://src/none', 'not-allowed'],
  [NOT_SRC, 'ws0://src-private/a', 'ok'],
  [NOT_SRC, 'ws0://src-private/../src/a', 'not-allowed'],
  [NOT_SRC, 'ws0://./src//a', 'not-allowed'],
  [NOT_NONE, 'ws0://none/a', 'not-allowed'],
  [{ allow: ['ws0://src/'] }, 'ws0://src-private/a', 'not-allowed'],
  [{ allow: ['ws0://src/'] }, 'ws0://src/a', 'ok'],
  [{ allow: ['ws0://src/../a.txt'] }, 'ws0://a.txt', 'ok'],
  [BUT_SECRET, 'ws0://src/secret/k', 'not-allowed'],
  [BUT_SECRET, 'ws0://src/secret/none', 'not-allowed'],
  [BUT_SECRET, 'ws0://src/secret-not/k', 'ok'],
  [BUT_SECRET, 'ws0://src/a', 'ok'],
  [{ disallowAll: true, ...ALL }, 'ws0://a.txt', 'not-allowed'],
  [{ disallowAll: true, allow: ['ws0://a.txt'] }, 'ws0://a.txt', 'not-allowed'],
  [{ disallowAll: false }, 'ws0://a.txt', 'not-allowed'],
  [{ allow: ['ws0://a.txt'], disallow: ['ws0://a.txt'] }, 'ws0://a.txt', 'not-allowed'],
];

describe('files of a plugin of Nev', () => {
  before(putFiles);

  for (const [permission, names] of WAYS) {
    it(`are opened as \`${permission}\` says, and by nothing else of its manifest`, async () => {
      for (const name of names) {
        for (const [rules, path, expected] of table) {
          assert.equal(await outcomeOf(name, path, { [permission]: rules }), expected, `${name} ${path}`);
        }
        const other = permission === 'filesystemRead' ? 'filesystemWrite' : 'filesystemRead';
        assert.equal(await outcomeOf(name, 'ws0://a.txt', { [other]: ALL }), 'not-allowed');
      }
    });
  }
});
