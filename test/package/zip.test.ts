// What zips may say of themselves, none of which an engine has a say in: that is in inflate.test.ts.

import { assert } from 'chai';
import { deflateSync, zipSync } from 'fflate';
import { crc32, unzip, ZIP_CAPS } from '../../src/package/zip.ts';
import { zipDirectorySteps } from '../../src/package/zip-directory.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { type EntryFields, makeZip, type ZipFields } from './zip-maker.ts';

const CAPS = { ...ZIP_CAPS, maxBytes: 4 << 20 };
const text = (value: string) => new TextEncoder().encode(value);
const none = new Uint8Array();
const little = (value: number, width: number) =>
  Uint8Array.from({ length: width }, (_, byte) => Math.floor(value / 2 ** (8 * byte)) & 0xff);
const joined = (...parts: ArrayLike<number>[]) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const extraField = (id: number, data: ArrayLike<number>) => joined(little(id, 2), little(data.length, 2), data);
/** Info-ZIP's Unicode path for an entry whose header has `name`. */
const unicodePath = (path: string, name: string, { version = 1, checksum = crc32(text(name)) } = {}) =>
  extraField(0x7075, joined([version], little(checksum, 4), text(path)));
const both = (extra: Uint8Array<ArrayBuffer>) => ({ central: extra, local: extra });
const fromFflate = (files: Parameters<typeof zipSync>[0]) => new Uint8Array(zipSync(files));

describe('unzip', () => {
  for (const descriptor of ['signed', 'bare'] as const) {
    it(`reads entries with a ${descriptor} descriptor, as streaming zippers write`, async () => {
      const files = await unzip(makeZip([{ name: 'a', data: text('x'), descriptor }, { name: 'b' }]), CAPS);
      assert.deepEqual(files.get('a'), text('x'));
    });
  }

  it('reads a zip with a comment, and with the modes of Unix', async () => {
    const entries = [
      { name: 'd/', attributes: 0x41ed0010 },
      { name: 'd/a', attributes: 0x81a40000 },
    ];
    const files = await unzip(makeZip(entries, { comment: 'made by a test' }), CAPS);
    assert.deepEqual([...files.keys()], ['d/a']);
  });

  it('leaves zips in zips as they are', async () => {
    const inner = fromFflate({ a: text('x') });
    const files = await unzip(fromFflate({ 'inner.zip': inner }), CAPS);
    assert.deepEqual(files.get('inner.zip'), inner);
  });

  it('takes extra fields that say nothing new, zeros for alignment, and what tools do with folders', async () => {
    const entries = [
      { name: 'a', extra: both(unicodePath('a', 'a')) },
      { name: 'ü', extra: { central: none, local: unicodePath('ü', 'ü') } },
      {
        name: 'b',
        extra: { central: extraField(0x5455, [1, 0, 0, 0, 0]), local: joined(extraField(0xd935, []), [0, 0, 0]) },
      },
      { name: 'd/', method: 8, packed: new Uint8Array([3, 0]), attributes: 0x10 },
    ];
    assert.deepEqual([...(await unzip(makeZip(entries), CAPS)).keys()], ['a', 'ü', 'b']);
  });

  it('M9: refuses a second name, which other unzippers take for the path', async () => {
    const names = [unicodePath('evil.js', 'a'), unicodePath('a', 'b'), unicodePath('A', 'a'), unicodePath('', 'a')];
    names.push(unicodePath('b', 'a', { checksum: 5 }), unicodePath('a', 'a', { checksum: 5 }));
    names.push(unicodePath('a', 'a', { version: 2 }), extraField(0x7075, []));
    names.push(
      joined(unicodePath('a', 'a'), unicodePath('b', 'a')),
      joined(extraField(0x5455, [1]), unicodePath('b', 'a')),
    );
    for (const extra of names) {
      for (const place of [both(extra), { central: extra, local: none }, { central: none, local: extra }]) {
        const bytes = makeZip([{ name: 'a', data: text('x'), extra: place }]);
        await rejectsCode('PACKAGE_REJECTED', unzip(bytes, CAPS), /^Entry "a" .*Unicode path field$/);
      }
    }
  });

  const odd = [
    '../x',
    'a/../b',
    '..',
    '.',
    './a',
    '/a',
    'a//b',
    '//a',
    'a\\b',
    '..\\a',
    'C:/a',
    'c:a',
    'a\0b',
    'a\nb',
    '',
    '/',
    ' a',
    'a ',
    'a.',
    'a/b.',
    'a:b',
    'a*b',
    'a?b',
    '~/a"',
    'a\u202Eb',
    'a\u200Bb',
    '😀',
    '%2e%2e/a',
    `${'x'.repeat(256)}`,
    `${'d/'.repeat(200)}a`,
  ]; // prettier-ignore
  for (const name of odd) {
    it(`M9: refuses the whole package for the name ${JSON.stringify(name).slice(0, 30)}`, async () => {
      const bytes = makeZip([{ name: 'fine' }, { name, data: text('x') }]);
      await rejectsCode('PACKAGE_REJECTED', unzip(bytes, CAPS), /^Entry "/);
    });
  }

  it('M9: refuses a name that is not UTF-8, and prints no control characters', async () => {
    await rejectsCode('PACKAGE_REJECTED', unzip(makeZip([{ name: new Uint8Array([0x80]) }]), CAPS), /UTF-8/);
    await rejectsCode('PACKAGE_REJECTED', unzip(makeZip([{ name: 'a\u001b[31m\u202E' }]), CAPS), /^[ -~]+$/);
  });

  const clashes = [
    ['a', 'a'],
    ['a', 'A'],
    ['dir/a', 'DIR/a'],
    ['straße', 'STRASSE'],
    ['\u00e9', 'e\u0301'],
    ['\u03b1\u0345\u0301', '\u03b1\u0301\u0345'],
    ['K', '\u212a'],
    ['a/', 'A'],
    ['a', 'a/b'],
    ['a/b', 'A'],
    ['a/', 'a/'],
  ];
  for (const names of clashes) {
    it(`M9: refuses ${JSON.stringify(names)} together`, async () => {
      const bytes = makeZip(names.map((name) => ({ name })));
      await rejectsCode('PACKAGE_REJECTED', unzip(bytes, CAPS), /^Entry "/);
    });
  }

  const x = text('x');
  const bomb = new Uint8Array(3 << 20);
  const lies: [what: string, entry: EntryFields, zip?: ZipFields][] = [
    ['a symbolic link', { name: 'a', data: text('/etc/passwd'), attributes: 0xa1ff0000 }],
    ['a device', { name: 'a', attributes: 0x21b60000 }],
    ['a folder that is marked as a file', { name: 'a/', attributes: 0x81a40000 }],
    ['a folder with content', { name: 'a/', data: x }],
    ['encryption', { name: 'a', data: x, flags: 1 }],
    ['strong encryption', { name: 'a', data: x, flags: 0x41 }],
    ['masked headers', { name: 'a', data: x, flags: 0x2000 }],
    ['an unknown method', { name: 'a', data: x, method: 12, packed: x }],
    ['another name in the local header', { name: 'a', data: x, local: { name: 'b' } }],
    ['a longer name in the local header', { name: 'a', data: x, local: { name: 'ab' } }],
    ['another method in the local header', { name: 'a', data: x, local: { method: 0 } }],
    ['other flags in the local header', { name: 'a', data: x, local: { flags: 2 } }],
    ['another size in the local header', { name: 'a', data: x, local: { size: 2 } }],
    ['another checksum in the local header', { name: 'a', data: x, local: { crc: 2 } }],
    ['a descriptor that is not there', { name: 'a', data: x, flags: 8 }],
    ['a wrong checksum', { name: 'a', data: x, crc: 5 }],
    ['a size that is too small', { name: 'a', data: text('xy'), size: 1 }],
    ['a size that is too large', { name: 'a', data: text('xy'), size: 3 }],
    ['a stored file of another size', { name: 'a', data: x, method: 0, size: 2 }],
    ['data that is not deflate', { name: 'a', data: x, packed: new Uint8Array([7, 7, 7]) }],
    ['a deflate stream that is cut off', { name: 'a', data: x, packed: new Uint8Array([0x4b]) }],
    ['a ratio over 200', { name: 'a', data: bomb }],
    ['something after a deflate stream', { name: 'a', data: x, packed: joined(deflateSync(x), [1, 2, 3]) }],
    ['flags that nobody knows', { name: 'a', data: x, flags: 0x20 }],
    ['a folder by its attributes that is a file by its name', { name: 'a.js', data: x, attributes: 0x10 }],
    ['a folder with packed content', { name: 'a/', method: 8, packed: new Uint8Array(9) }],
    ['Zip64 sizes', { name: 'a', data: x, extra: both(extraField(1, new Uint8Array(16))) }],
    [
      'Zip64 sizes of the local header',
      { name: 'a', extra: { central: none, local: extraField(1, new Uint8Array(16)) } },
    ],
    ['an extra field that is cut off', { name: 'a', extra: both(joined(little(0x5455, 2), little(9, 2), [1])) }],
    ['bytes after the extra fields', { name: 'a', extra: both(new Uint8Array([1, 2])) }],
    ['a field with the target of a link', { name: 'a', extra: both(extraField(0x756e, new Uint8Array(14))) }],
    ['a Zip64 locator in a comment', { name: 'a', note: joined(little(0x07064b50, 4), new Uint8Array(16)) }],
    ['an end record in the comment', { name: 'a' }, { comment: joined(little(0x06054b50, 4), new Uint8Array(18)) }],
    ['half an end record in the comment', { name: 'a' }, { comment: joined([1], little(0x06054b50, 4)) }],
    ['a gap after an entry', { name: 'a', data: x, gap: 3 }],
    ['something before the first entry', { name: 'a' }, { prefix: 1 }],
    ['a wrong count', { name: 'a' }, { count: 2 }],
    ['a count of none', { name: 'a' }, { count: 0 }],
    ['a directory that lies elsewhere', { name: 'a' }, { directoryOffset: 4 }],
    ['a directory beyond the end', { name: 'a' }, { directoryOffset: 0x7fffffff }],
    ['a directory of another size', { name: 'a' }, { directorySize: 3 }],
    ['several volumes', { name: 'a' }, { disk: 1 }],
    ['Zip64 markers', { name: 'a' }, { directoryOffset: 0xffffffff }],
    ['a Zip64 count', { name: 'a' }, { count: 0xffff }],
  ];
  for (const [what, entry, zip] of lies) {
    it(`M8: refuses ${what}`, async () => {
      await rejectsCode('PACKAGE_REJECTED', unzip(makeZip([entry], zip), CAPS));
    });
  }

  it('M8: takes a high ratio below 1 MiB', async () => {
    const files = await unzip(makeZip([{ name: 'a', data: new Uint8Array(1 << 20) }]), CAPS);
    assert.equal(files.get('a')?.length, 1 << 20);
  });

  it('M8: refuses more than 2,000 entries', async () => {
    const entries = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `f${n}` }));
    await rejectsCode('PACKAGE_REJECTED', unzip(makeZip(entries(2_001)), CAPS), /2001 entries/);
    assert.equal((await unzip(makeZip(entries(2_000)), CAPS)).size, 2_000);
  });

  it('M8: counts all files together', async () => {
    const noise = Uint8Array.from({ length: 1_000 }, (_, n) => (n * n) % 251);
    const entries = ['a', 'b', 'c'].map((name) => ({ name, data: noise }));
    await rejectsCode('PACKAGE_REJECTED', unzip(makeZip(entries), { ...CAPS, maxBytes: 2_999 }), /larger than 2999/);
    assert.equal((await unzip(makeZip(entries), { ...CAPS, maxBytes: 3_000 })).size, 3);
  });

  it('M8: refuses entries that share their bytes', async () => {
    const data = text('shared');
    const zip = makeZip([
      { name: 'a', data },
      { name: 'b', data },
    ]);
    const view = new DataView(zip.buffer);
    const directory = view.getUint32(zip.length - 6, true);
    view.setUint32(directory + 47 + 42, 0, true); // the second entry starts where the first does
    zip[directory + 47 + 46] = 'a'.charCodeAt(0);
    await rejectsCode('PACKAGE_REJECTED', unzip(zip, CAPS));
  });

  it('H11: lets the page have a turn between the entries of a directory', () => {
    const zip = makeZip(Array.from({ length: 500 }, (_, n) => ({ name: `${'d/'.repeat(50)}${n}` })));
    const steps = zipDirectorySteps(zip, CAPS);
    let count = 0;
    while (!steps.next().done) count++;
    // The directory, the paths in it, and the headers.
    assert.equal(count, 1_500);
  });
});
