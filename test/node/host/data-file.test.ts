// The file of what a plugin keeps: what is written is read, and nothing else is.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type DataFile, readDataFile, writeDataFile } from '../../../src/capabilities/kv/data-file.ts';
import { sha256 } from '../../../src/util/hash/sha256.ts';

const plugin = { id: 'p', name: 'P "quoted"\n', version: '1' };
const bytes = (text: string) => new TextEncoder().encode(text);
const SAMPLE: DataFile = {
  plugin,
  exportedAt: 1_000,
  kv: new Map([
    ['a', bytes('one')],
    ['empty', new Uint8Array()],
    ['__proto__', Uint8Array.of(0, 10, 255)],
  ]),
};

/** A file with a digest that is right, whatever it says. */
async function forged(header: string, values = ''): Promise<Uint8Array<ArrayBuffer>> {
  const content = bytes(`${header}\n${values}`);
  return new Uint8Array([...content, ...bytes(await sha256(content))]);
}

const header = (changes: object) =>
  JSON.stringify({ format: 'cloche-plugin-data', version: 1, plugin, exportedAt: 1, kv: [], ...changes });

async function refused(file: Uint8Array<ArrayBuffer>, why: RegExp): Promise<void> {
  await assert.rejects(readDataFile(file), (error: { code?: unknown; message?: string }) => {
    assert.equal(error.code, 'DATA_INVALID');
    assert.match(error.message ?? '', why);
    return true;
  });
}

describe('the file of what a plugin keeps', () => {
  it('says in its first line what it is, and of which plugin', async () => {
    const [line = ''] = new TextDecoder().decode(await writeDataFile(SAMPLE)).split('\n');
    assert.deepEqual(JSON.parse(line), {
      format: 'cloche-plugin-data',
      version: 1,
      plugin,
      exportedAt: 1_000,
      kv: [
        ['a', 3],
        ['empty', 0],
        ['__proto__', 3],
      ],
    });
  });

  it('gives back any keys and values', async () => {
    const key = fc.string({ unit: 'binary', maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, fc.uint8Array({ maxLength: 50 }))), async (entries) => {
        const kv = new Map(entries);
        assert.deepEqual(await readDataFile(await writeDataFile({ ...SAMPLE, kv })), { ...SAMPLE, kv });
      }),
    );
  });

  it('has files behind the values, and says nothing of them where there are none to say', async () => {
    const files = {
      trees: { 'ws0://': { nextId: 2, nodes: [[1, 'folder', ['0', '0', '0'], []]] } },
      contents: [bytes('x')],
    };
    const written = await writeDataFile({ ...SAMPLE, files });
    assert.deepEqual((await readDataFile(written)).files?.contents, files.contents);
    assert.equal(JSON.stringify((await readDataFile(written)).files?.trees), JSON.stringify(files.trees));
    assert.equal((await readDataFile(await writeDataFile(SAMPLE))).files, undefined);
  });

  it('has databases behind the files, or behind the values where it has no files', async () => {
    const databases = new Map([
      ['hasura', bytes('all of it')],
      ['keycloak', new Uint8Array([0])],
    ]);
    assert.deepEqual(await readDataFile(await writeDataFile({ ...SAMPLE, databases })), { ...SAMPLE, databases });
    const files = { trees: {}, contents: [bytes('x')] };
    const both = await readDataFile(await writeDataFile({ ...SAMPLE, files, databases }));
    assert.deepEqual([both.files?.contents, both.databases], [files.contents, databases]);
  });

  it('is refused when any one byte of it is another, or missing', async () => {
    const file = await writeDataFile(SAMPLE);
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice();
      changed[at] = (changed[at] as number) ^ 1;
      await refused(changed, /./);
      await refused(new Uint8Array([...file.slice(0, at), ...file.slice(at + 1)]), /./);
    }
    await refused(new Uint8Array([...file, 0]), /SHA-256/);
  });

  const cases: [what: string, file: () => Promise<Uint8Array<ArrayBuffer>>, why: RegExp][] = [
    ['nothing', async () => new Uint8Array(), /no export/],
    ['another file', async () => bytes('PK\u0003\u0004'.padEnd(200)), /no export/],
    ['a form to come', () => forged(header({ version: 4, more: true })), /form 4, and this Cloche reads 1 and 2 and 3/],
    ['no JSON', () => forged('{"format":"cloche-plugin-data",'), /cannot be read/],
    [
      'JSON as deep as a stack',
      () => forged(`{"format":"cloche-plugin-data","kv":${'['.repeat(200_000)}`),
      /cannot be read/,
    ],
    ['an unknown key', () => forged(header({ grants: {} })), /grants/],
    ['no plugin', () => forged(header({ plugin: undefined })), /plugin/],
    ['a time that is none', () => forged(header({ exportedAt: 'now' })), /exportedAt/],
    ['no list', () => forged(header({ kv: { a: 1 } })), /kv/],
    ['a value without a length', () => forged(header({ kv: [['a']] })), /no value/],
    ['a length below 0', () => forged(header({ kv: [['a', -1]] })), /no value/],
    ['a key that is no text', () => forged(header({ kv: [[1, 0]] })), /no value/],
    ['a key twice', () => forged(header({ kv: [['a', 0], ['a', 0]] })), /twice/], // biome-ignore format: a row
    ['more than it holds', () => forged(header({ kv: [['a', 3]] }), 'xy'), /holds less/],
    ['less than it holds', () => forged(header({ kv: [['a', 1]] }), 'xy'), /holds more/],
    ['lengths that overflow', () => forged(header({ kv: Array(3).fill(0).map((_, i) => [`${i}`, 2 ** 53 - 1]) })), /holds less/], // biome-ignore format: a row
    ['files in the first form', () => forged(header({ files: { trees: {}, sizes: [] } })), /files/],
    ['no files in the second', () => forged(header({ version: 2 })), /files/],
    [
      'databases in the second',
      () => forged(header({ version: 2, files: { trees: {}, sizes: [] }, databases: [] })),
      /databases/,
    ],
    ['no databases in the third', () => forged(header({ version: 3 })), /databases/],
    [
      'a larger database than it holds',
      () => forged(header({ version: 3, databases: [['a', 3]] }), 'xy'),
      /holds less/,
    ],
    ['a size that is none', () => forged(header({ version: 2, files: { trees: {}, sizes: [-1] } })), /no size/],
    [
      'a larger file than it holds',
      () => forged(header({ version: 2, files: { trees: {}, sizes: [3] } }), 'xy'),
      /holds less/,
    ],
  ];
  for (const [what, file, why] of cases) {
    it(`is refused with ${what}, though its digest is right`, async () => refused(await file(), why));
  }
});
