// Files as a worker gets them that cannot wait, and what it says that it did to them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EDQUOT } from '../../../src/files/errno.ts';
import { Session } from '../../../src/files/session/session.ts';
import { readImage, writeImage } from '../../../src/files/volume/image.ts';
import { readTree } from '../../../src/files/volume/tree.ts';
import { readOperations, type WireOperation, writeOperations } from '../../../src/files/wire.ts';
import { CREATE, Guest, ROOT } from './guest.ts';

const ALL = { read: { allowAll: true }, write: { allowAll: true } } as const;

describe('a copy of files', () => {
  it('holds what the plugin may know, under its permissions and its quota', () => {
    const owner = new Guest(ALL);
    for (const path of ['src/a', 'src/secret/k', 'out/b', 'other']) owner.put(path, path);
    owner.budget.quota = { bytes: owner.budget.bytes + 100, nodes: owner.budget.nodes + 1 };
    const scope = { read: { allow: ['ws0://src'], disallow: ['ws0://src/secret'] }, write: { allow: ['ws0://out'] } };
    const image = writeImage([owner.volume], [scope, undefined], { budget: owner.budget, number: 7 });
    const copied = readImage(image, () => 1n);
    assert.equal(copied.number, 7);
    const [volume] = copied.volumes;
    assert(volume);
    const preopens = [{ name: '/', volume, folder: volume.top }];
    const guest = Object.assign(new Guest(), { volume, session: new Session(preopens, copied.access) });
    assert.equal(guest.read('src/a'), 'src/a');
    assert.deepEqual(guest.names('src'), ['.', '..', 'a']);
    assert.deepEqual([...volume.top.entries.keys()], ['src', 'out']);
    assert(!new TextDecoder().decode(image).includes('secret/k'));
    assert(!new TextDecoder().decode(image).includes('out/b'));
    const fd = guest.open('out/c', { flags: CREATE, rights: 1n << 6n });
    assert.equal(guest.errno('fd_write', [fd], 'x'.repeat(40)), EDQUOT);
    assert.equal(guest.errno('fd_write', [fd], 'x'.repeat(30)), 0);
  });

  it('that is no tree is refused', () => {
    const time = ['1', '1', '1'];
    for (const nodes of [
      undefined,
      [[1, 'file', time, 0, '']],
      [[1, 'folder', time, [['a', 2]]]],
      [[1, 'folder', time, [['a', 1]]]],
      [
        [1, 'folder', time, []],
        [2, 'folder', time, [['a', 3]]],
        [3, 'folder', time, [['b', 2]]],
      ],
      [
        [
          1,
          'folder',
          time,
          [
            ['a', 2],
            ['b', 2],
          ],
        ],
        [2, 'folder', time, []],
      ],
      [
        [1, 'folder', time, [['a/b', 2]]],
        [2, 'folder', time, []],
      ],
      [
        [1, 'folder', time, [['..', 2]]],
        [2, 'folder', time, []],
      ],
      [
        [1, 'folder', time, [['a', 2]]],
        [2, 'file', time, -1, ''],
      ],
      [[1, 'folder', ['x', '1', '1'], []]],
    ]) {
      assert.throws(
        () => readTree(new Guest().volume, { nextId: 5, nodes }),
        /not one that was written here/,
        JSON.stringify(nodes),
      );
    }
  });
});

describe('operations on their way', () => {
  it('come as they were, with what they gave', () => {
    const operations: [WireOperation, number][] = [
      [['path_open', [BigInt(ROOT), 1n, 1n, 2n ** 63n, -1n, 0n], new Uint8Array([97]), new Uint8Array()], 0],
      [['path_rename', [3n, 3n, 0n, 0n, 0n, 0n], new Uint8Array([97]), new Uint8Array([98, 99])], 44],
    ];
    const read = [...readOperations(writeOperations(operations))];
    assert.deepEqual(
      read.map(([[name, numbers, one, other], told]) => [
        name,
        numbers.map((n) => BigInt.asUintN(64, n)),
        [...one],
        [...other],
        told,
      ]),
      operations.map(([[name, numbers, one, other], told]) => [
        name,
        numbers.map((n) => BigInt.asUintN(64, n)),
        [...one],
        [...other],
        told,
      ]),
    );
  });

  it('that are cut or of no known number are refused', () => {
    const whole = writeOperations([[['fd_write', [3n], new Uint8Array(10), new Uint8Array()], 0]]);
    for (let length = 1; length < whole.length; length++) {
      assert.throws(() => [...readOperations(whole.slice(0, length))], RangeError);
    }
    const unknown = whole.slice();
    unknown[0] = 200;
    assert.throws(() => [...readOperations(unknown)], RangeError);
  });
});
