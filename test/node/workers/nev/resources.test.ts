// Ropes, buffers, channels and handles, as a guest of Nev knows them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Budget } from '../../../../src/runtime/wire/abi/budget.ts';
import { Channel } from '../../../../src/runtime/wire/abi/channel.ts';
import { Mounts } from '../../../../src/runtime/wire/abi/mounts.ts';
import { SharedBuffer } from '../../../../src/runtime/wire/abi/shared-buffer.ts';
import { localChannels } from '../../../../workers/nev/interfaces/channels.ts';
import type { ChannelEnd } from '../../../../workers/nev/interfaces/local-function.ts';
import { Handles } from '../../../../workers/nev/resources/handles.ts';
import { Rope } from '../../../../workers/nev/resources/rope.ts';

function rope(text: string, budget = new Budget(1 << 20)): Rope {
  return Rope.of(new TextEncoder().encode(text), budget);
}

function textOf({ bytes }: Rope): string {
  return new TextDecoder().decode(bytes);
}

const at = (line: number, column: number) => ({ line, column });

describe('a rope', () => {
  it('counts bytes, characters and lines', () => {
    const { bytes, runes, lines } = rope('é\nb\n');
    assert.deepEqual([bytes.length, runes, lines], [5, 4, 3]);
    assert.equal(rope('').lines, 1);
  });

  it('finds a line among many, as one that counts from the beginning does', () => {
    const lines = Array.from({ length: 1_500 }, (_, i) => 'x'.repeat(i % 7));
    const made = rope(lines.join('\n'));
    for (const line of [0, 1, 255, 256, 257, 511, 512, 1_499]) assert.equal(made.lineLength(line), line % 7, `${line}`);
    assert.deepEqual([made.lineLength(-1), made.lineLength(1_500), made.lines], [0, 0, 1_500]);
    const start = made.offsetOf(at(600, 0));
    assert.equal(start, lines.slice(0, 600).join('\n').length + 1);
  });

  it('is cut by bytes and by points, whichever comes first, within what is there', () => {
    const made = rope('héllo\nwörld');
    assert.equal(textOf(made.slice(3, 0, false)), 'hé');
    assert.equal(textOf(made.slice(0, 1, true)), 'hé');
    assert.equal(textOf(made.slice(-5, 900, true)), 'héllo\nwörld');
    assert.equal(textOf(made.slicePoints(at(0, 3), at(1, 1), false)), 'llo\nw');
    assert.equal(textOf(made.slicePoints(at(9, 9), at(0, 99), false)), '\nwörld');
    assert.equal(textOf(made.slice(1, 6, false).slice(0, 2, false)), 'é');
  });

  it('finds text and characters', () => {
    const made = rope('aab\naé');
    const find = (sub: string, start: number) => made.find(new TextEncoder().encode(sub), start);
    assert.deepEqual(
      [find('ab', 0), find('a', 2), find('é', 0), find('x', 0), find('', 3), find('aé!', 0)],
      [1, 4, 5, undefined, 3, undefined],
    );
    assert.deepEqual(
      [made.byteAt(at(0, 2)), made.runeAt(at(1, 1)), made.runeAt(at(1, 2)), made.runeAt(at(1, 9))],
      [98, 233, 233, 0],
    );
  });

  it('finds what a regular expression matches, in lines and bytes', () => {
    const found = rope('é1\n22').findAll('\\d+');
    assert.deepEqual(found, [
      { first: at(0, 2), last: at(0, 3) },
      { first: at(1, 0), last: at(1, 2) },
    ]);
    assert.equal(rope('a').findAll('('), undefined);
    assert.equal(rope('ab').findAll('x*')?.length, 3);
  });

  it('finds it by its bytes, also behind what is not UTF-8, and where more is escaped than has to be', () => {
    const columns = (bytes: number[], regex: string) =>
      Rope.of(Uint8Array.from([...bytes, 0x78]), new Budget(100))
        .findAll(regex)
        ?.map(({ first }) => first.column);
    for (const before of [
      [0xff],
      [0x80, 0x80],
      [0xff, 0xe2, 0x82],
      [0xc0, 0x80],
      [0xe0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf0, 0x9f, 0x98],
      [0xf0, 0x80],
      [0xf4, 0x90],
      [0xf1, 0x80, 0xe2],
      [0xef, 0xbf, 0xbd],
      [0xef, 0xbb, 0xbf],
    ])
      assert.deepEqual(columns(before, 'x'), [before.length], `${before}`);
    assert.deepEqual(rope('a-"b').findAll('\\-\\"[\\-b]')?.length, 1);
    assert.deepEqual(rope('a\\-').findAll('\\\\-')?.length, 1);
  });

  it('has a byte order mark among its characters', () => assert.equal(rope('\ufeffa').runeAt(at(0, 0)), 0xfeff));

  it('shares its bytes with its parts, which are given back with the last of them', () => {
    const budget = new Budget(10);
    const made = rope('12345678', budget);
    const part = made.slice(1, 2, false).clone();
    assert.throws(() => rope('123', budget), /3 bytes is too large beside 8 that are held/);
    made.release();
    part.release();
    assert.equal(budget.held, 8, 'the part that was cloned is still there');
  });
});

describe('a shared buffer', () => {
  it('takes and gives only what is all in it', () => {
    const budget = new Budget(100);
    const buffer = new SharedBuffer(4, budget);
    assert.deepEqual(
      [
        buffer.write(2, new Uint8Array([7, 8])),
        buffer.write(3, new Uint8Array(2)),
        buffer.write(-1, new Uint8Array(1)),
      ],
      [true, false, false],
    );
    assert.deepEqual([...(buffer.read(1, 3) ?? [])], [0, 7, 8]);
    for (const [index, length] of [
      [0, 0],
      [0, 5],
      [-1, 1],
      [4, 1],
      [0, -1],
    ])
      assert.equal(buffer.read(index ?? 0, length ?? 0), undefined);
    buffer.retain().release();
    assert.equal(budget.held, 4);
    buffer.release();
    assert.equal(budget.held, 0);
  });
});

describe('a channel', () => {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const bytes = (value: string) => new TextEncoder().encode(value);

  it('gives what was written, in pieces of any size, and no more than there is', () => {
    const budget = new Budget(100);
    const channel = new Channel(budget);
    channel.write(bytes('abc'));
    channel.write(bytes('def'));
    assert.deepEqual(
      [text(channel.read(4)), channel.waiting, text(channel.read(-1)), text(channel.read())],
      ['abcd', 2, '', 'ef'],
    );
    assert.equal(budget.held, 0);
    channel.close();
    channel.write(bytes('lost'));
    assert.equal(channel.waiting, 0);
  });

  it('tells a listener of what has come, once, and of its end', () => {
    const channel = new Channel(new Budget(100));
    channel.write(bytes('early'));
    channel.listen({ fun: 1, data: 2, owner: undefined });
    assert.deepEqual([...channel.due()], [{ fun: 1, data: 2, closed: false, owner: undefined }]);
    assert.deepEqual([...channel.due()], []);
    channel.close();
    assert.deepEqual([...channel.due()], [{ fun: 1, data: 2, closed: true, owner: undefined }]);
    channel.unlisten();
    channel.write(bytes('x'));
    assert.deepEqual([...channel.due()], []);
  });

  it('tells who waits for so many bytes when they are there, or never will be', () => {
    const channel = new Channel(new Budget(100));
    assert.equal(channel.wait(1n, 3, undefined), false);
    channel.write(bytes('ab'));
    assert.deepEqual([...channel.due()], []);
    channel.write(bytes('c'));
    assert.deepEqual([...channel.due()], [{ task: 1n, canceled: false, owner: undefined }]);
    assert.equal(channel.wait(2n, 3, undefined), true);
    assert.equal(channel.wait(3n, 9, undefined), false);
    channel.close();
    assert.deepEqual([...channel.due()], [{ task: 3n, canceled: true, owner: undefined }]);
  });
});

describe('a channel whose reading end is gone', () => {
  it('gives back what waits in it, takes nothing more, and tells who waits for that', () => {
    const budget = new Budget(100);
    const none = (): never => assert.fail();
    const functions = localChannels({ budget, readers: new Mounts(), writers: new Mounts(), watch: none });
    const make = functions['new-in-memory-channel'];
    assert.ok(make);
    const [reader, writer] = make.run([]) as [ChannelEnd, ChannelEnd];
    const { channel } = writer;
    channel.write(new Uint8Array(60));
    channel.wait(1n, 90, undefined);
    assert.deepEqual([...channel.due()], []);
    reader.release();
    assert.equal(budget.held, 0);
    channel.write(new Uint8Array(60));
    assert.equal(budget.held, 0);
    assert.deepEqual([...channel.due()], [{ task: 1n, canceled: true, owner: undefined }]);
  });
});

describe('a channel of a guest that means harm', () => {
  it('lets no more tasks wait than there is room for, and looks at each once', () => {
    const channel = new Channel(new Budget(100_000));
    const wait = (): boolean => channel.wait(1n, 2, undefined);
    for (let i = 0; i < 1_000; i++) assert.equal(wait(), false);
    assert.throws(wait, /1000 tasks wait/);
    channel.write(new Uint8Array(2));
    assert.equal([...channel.due()].length, 1_000);
    assert.deepEqual([...channel.due()], []);
  });

  it('keeps little more than the bytes that it holds, however they were written and read', () => {
    // What becomes of memory shows in what it hands on: pieces of it.
    const sizes = (run: () => void): number[] => {
      const { set } = Uint8Array.prototype;
      const seen: number[] = [];
      Uint8Array.prototype.set = function (this: Uint8Array, from: ArrayLike<number>, at?: number) {
        if (from instanceof Uint8Array) seen.push(from.buffer.byteLength);
        set.call(this, from, at);
      };
      try {
        run();
      } finally {
        Uint8Array.prototype.set = set;
      }
      return seen;
    };
    const written = new Channel(new Budget(100_000));
    for (let i = 0; i < 8_192; i++) written.write(Uint8Array.of(i & 0xff));
    assert.deepEqual(
      sizes(() => assert.equal(written.read()[300], 300 & 0xff)),
      [4_096, 4_096],
    );
    const nearlyRead = new Channel(new Budget(100_000));
    nearlyRead.write(new Uint8Array(100_000));
    nearlyRead.read(99_999);
    assert.deepEqual(
      sizes(() => void nearlyRead.read()),
      [1],
    );
  });
});

describe('what is mounted', () => {
  it('is let go of where it cannot be', () => {
    const budget = new Budget(100);
    const mounts = new Mounts<Rope>();
    assert.throws(() => mounts.mount(rope('a', budget), 'x'.repeat(4_097), false), /a path of more than/);
    for (let i = 0; i < 10_000; i++) mounts.mount(rope('', budget), String(i), false);
    assert.throws(() => mounts.mount(rope('a', budget), 'x', false), /mounted 10000/);
    assert.equal(budget.held, 0);
    assert.equal(mounts.mount(rope('a', budget), '0', false), '0', 'in the place of another');
  });

  it('is found once, by whoever opens it first', () => {
    const budget = new Budget(100);
    const mounts = new Mounts<Rope>();
    assert.equal(mounts.mount(rope('a', budget), 'x', false), 'x');
    assert.equal(mounts.mount(rope('b', budget), 'x', false), 'x');
    assert.equal(budget.held, 1, 'what was there before is gone');
    const path = mounts.mount(rope('c', budget), 'x', true);
    assert.match(path, /^x-\d+$/);
    const found = mounts.open('x');
    assert.deepEqual(
      [found && textOf(found), mounts.open('x'), mounts.open('constructor')],
      ['b', undefined, undefined],
    );
  });
});

describe('handles', () => {
  it('are the lowest that are free, and of one kind', () => {
    const handles = new Handles();
    const add = () => handles.add({ kind: 'rope', value: 0 });
    assert.deepEqual([add(), add(), add()], [0, 1, 2]);
    handles.drop(1, 'rope');
    handles.drop(0, 'rope');
    assert.deepEqual([add(), add(), add()], [0, 1, 3]);
    for (const handle of [-1, 4, 0xffff_ffff])
      assert.throws(() => handles.get(handle, 'rope'), /Invalid resource index/);
    assert.throws(() => handles.take(0, 'shared-buffer'), /a rope, not a shared-buffer/);
  });

  it('run out before the memory of the worker does', () => {
    const handles = new Handles();
    for (let i = 0; i < 65_536; i++) handles.add({ kind: 'rope', value: i });
    assert.throws(() => handles.add({ kind: 'rope', value: 0 }), /holds 65536 resources/);
  });
});
