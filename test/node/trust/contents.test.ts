// What is signed, byte for byte: the examples of docs/signatures.md, made here a second time and by other means.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { contentsText, packageDigest, signedMessage } from '../../../src/trust/package-contents.ts';
import { contentsOf } from '../../../src/trust/package-parts.ts';
import { verifyPackage } from '../../../src/trust/verify-package.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../docs/signatures.md'), 'utf8');
const sha = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const hash = async (data: Uint8Array): Promise<string> => sha(data);
const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const MANIFEST = '{"cloche":1,"id":"demo","name":"Demo","wasm":[{"path":"demo.wasm"}]}\n';

describe('the list of a package', () => {
  const archive = {
    modules: [],
    archive: new Map([
      ['manifest.json', bytes(MANIFEST)],
      ['demo.wasm', EMPTY_MODULE],
    ]),
  } as const;

  it('is the one of the guide, and so are its digest and what is signed', async () => {
    const text = contentsText(await contentsOf(archive, hash));
    assert.ok(guide.includes(`\`\`\`\n${text}\`\`\``), text);
    const digest = await packageDigest(await contentsOf(archive, hash));
    assert.equal(digest, sha(text));
    const message = new TextDecoder().decode(signedMessage(digest));
    assert.ok(guide.includes(`\`\`\`\n${message}\`\`\``), message);
  });

  it('was signed in the guide as its document says', async () => {
    const document = /```json\n(.*?)```/s.exec(guide)?.[1] ?? '';
    const key = await verifyPackage(bytes(document), archive, hash);
    assert.equal(key, 'ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
  });

  it('is the same in whatever order an archive has its files', async () => {
    const reversed = { ...archive, archive: new Map([...archive.archive].reverse()) };
    assert.equal(contentsText(await contentsOf(reversed, hash)), contentsText(await contentsOf(archive, hash)));
  });

  it('sorts paths by their UTF-8 bytes, which UTF-16 units do not', () => {
    const file = (path: string) => ({ path, sha256: '0'.repeat(64), size: 0 });
    const text = contentsText({ form: 'archive', files: ['\u{10000}', '\u{ffee}', 'b', 'B', 'a/b', 'a'].map(file) });
    const paths = text
      .split('\n')
      .slice(3, -1)
      .map((line) => line.split(' ').at(-1));
    assert.deepEqual(paths, ['B', 'a', 'a/b', 'b', '\u{ffee}', '\u{10000}']);
  });

  for (const [what, paths] of [
    ['a path that breaks the line', ['a\nb']],
    ['a path that is empty', ['']],
    ['half a surrogate pair', ['a\ud800']],
    ['one path twice', ['a', 'b', 'a']],
  ] as const) {
    it(`X10: is not made with ${what}`, () => {
      const files = paths.map((path) => ({ path, sha256: '0'.repeat(64), size: 0 }));
      assert.throws(() => contentsText({ form: 'archive', files }), { code: 'PACKAGE_REJECTED' });
    });
  }

  it('X10: of a zip is none of a manifest with modules, whatever its files are called', async () => {
    const manifest = { manifest: MANIFEST, modules: [EMPTY_MODULE] };
    const files = new Map([
      ['manifest.json', bytes(MANIFEST)],
      ['modules/0', EMPTY_MODULE],
    ]);
    const [own, other] = [
      contentsText(await contentsOf(manifest, hash)),
      contentsText(await contentsOf({ archive: files, modules: [] }, hash)),
    ];
    assert.equal(own.replace('\nmanifest\n', '\narchive\n'), other);
    assert.notEqual(own, other);
  });

  it('X10: tells modules apart by their place in the manifest', async () => {
    const files = [EMPTY_MODULE, bytes('other')];
    const listed = async (modules: Uint8Array<ArrayBuffer>[]) =>
      contentsText(await contentsOf({ manifest: MANIFEST, modules }, hash));
    assert.notEqual(await listed(files), await listed(files.toReversed()));
  });
});

describe('a manifest in the list', () => {
  const listOf = async (manifest: string | object) => (await contentsOf({ manifest, modules: [] }, hash)).files[0];
  const plain = (text: string): object =>
    JSON.parse(text, (_, value) => (isObject(value) ? Object.assign(Object.create(null), value) : value));
  const isObject = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);

  it('counts as its text stands, but for a byte order mark', async () => {
    assert.deepEqual(await listOf(` \uFEFF${MANIFEST}`), {
      path: 'manifest.json',
      sha256: sha(` \uFEFF${MANIFEST}`),
      size: bytes(MANIFEST).length + 4,
    });
    assert.equal((await listOf(`\uFEFF${MANIFEST}`))?.sha256, sha(MANIFEST));
  });

  it('counts as canonical JSON where it is an object', async () => {
    // The example of RFC 8785, section 3.2.2, without its sorting of other scripts.
    const given = plain(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,1e-27],"string":"\\u20ac$\\u000F\\nA\'\\u0042\\u0022\\\\\\"/","literals":[null,true,false]}',
    );
    const canonical =
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\"/"}';
    assert.equal((await listOf(given))?.sha256, sha(canonical));
  });

  it('cannot be signed as an object with something in it that is no JSON', async () => {
    const given = Object.assign(Object.create(null), { wasm: [EMPTY_MODULE] });
    await assert.rejects(listOf(given), { code: 'SIGNATURE_UNREADABLE', message: /as JSON text/ });
  });

  it('X10: cannot be signed with half a surrogate pair, which other texts are written alike as', async () => {
    await assert.rejects(listOf('{"a":"\ud800"}'), { code: 'SIGNATURE_UNREADABLE' });
  });
});
