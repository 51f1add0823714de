// `wasi:filesystem` over the virtual file system, as a component finds it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Session } from '../../../../src/files/session/session.ts';
import { Budget } from '../../../../src/files/volume/budget.ts';
import { Volume } from '../../../../src/files/volume/volume.ts';
import type { Descriptor } from '../../../../workers/component/wasi/files/descriptor.ts';
import { filesystem } from '../../../../workers/component/wasi/files/filesystem.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const NOTHING = {};
const FOLLOW = { symlinkFollow: true };

interface Made {
  readonly top: Descriptor;
  readonly crossings: () => number;
  errorCode(error: unknown): string | undefined;
}

function made(mayWrite = true): Made {
  const volume = new Volume('ws0://', new Budget({ bytes: 100_000, nodes: 400 }), () => 5_000_000_007n);
  const access = { may: (way: string) => way === 'read' || mayWrite, leads: () => true };
  const session = new Session([{ name: '/', volume, folder: volume.top }], access);
  let crossings = 0;
  const calls = { run: (...asked: Parameters<Session['run']>) => session.run(...asked) };
  const interfaces = new Map(filesystem(calls, () => crossings++));
  const { getDirectories } = interfaces.get('wasi:filesystem/preopens') as {
    getDirectories(): [Descriptor, string][];
  };
  const { filesystemErrorCode } = interfaces.get('wasi:filesystem/types') as {
    filesystemErrorCode(error: unknown): string | undefined;
  };
  const [found] = getDirectories();
  assert.equal(found?.[1], '/');
  return { top: found?.[0] as Descriptor, crossings: () => crossings, errorCode: filesystemErrorCode };
}

const open = (top: Descriptor, path: string, how: object = { create: true }): Descriptor =>
  top.openAt(FOLLOW, path, how as never, { read: true, write: true });

const fails = (code: string, run: () => unknown): void =>
  assert.throws(run, (thrown: { payload?: unknown }) => thrown.payload === code, code);

describe('files of a component', () => {
  it('are written, read, listed and told of', () => {
    const { top } = made();
    top.createDirectoryAt('sub');
    const file = open(top, 'sub/a.txt');
    assert.equal(file.write(utf8('hello'), 0n), 5n);
    assert.deepEqual(file.read(100n, 1n), [utf8('ello'), true]);
    assert.deepEqual(file.read(2n, 0n), [utf8('he'), false]);
    const { type, size, dataModificationTimestamp } = file.stat();
    assert.deepEqual([type, size, dataModificationTimestamp], ['regular-file', 5n, { seconds: 5n, nanoseconds: 7 }]);
    assert.equal(top.statAt(NOTHING, 'sub').type, 'directory');
    top.symlinkAt('sub/a.txt', 'link');
    assert.equal(top.readlinkAt('link'), 'sub/a.txt');
    assert.ok(open(top, 'link', {}).isSameObject(file));
    const listed = top.readDirectory();
    const names: unknown[] = [];
    for (let entry = listed.readDirectoryEntry(); entry; entry = listed.readDirectoryEntry()) names.push(entry);
    assert.deepEqual(names, [
      { type: 'directory', name: 'sub' },
      { type: 'symbolic-link', name: 'link' },
    ]);
  });

  it('are streams, which end, and append', () => {
    const { top } = made();
    const file = open(top, 'a');
    file.writeViaStream(0n).write(utf8('one'));
    file.appendViaStream().write(utf8(' two'));
    const stream = file.readViaStream(4n);
    assert.deepEqual(stream.read(2n), utf8('tw'));
    assert.deepEqual(stream.blockingRead(100n), utf8('o'));
    assert.throws(
      () => stream.read(1n),
      (thrown: { payload?: { tag: string } }) => thrown.payload?.tag === 'closed',
    );
  });

  it('are listed by the page, however many there are', () => {
    const { top } = made();
    const long = 'x'.repeat(200);
    for (let i = 0; i < 350; i++) top.createDirectoryAt(`${long}${i}`);
    const listed = top.readDirectory();
    let count = 0;
    while (listed.readDirectoryEntry()) count += 1;
    assert.equal(count, 350);
  });

  it('fail in the words of WASI 0.2', () => {
    const { top, errorCode } = made();
    top.createDirectoryAt('sub');
    open(top, 'sub/a');
    const refused: [string, () => unknown][] = [
      ['no-entry', () => open(top, 'none', {})],
      ['exist', () => top.createDirectoryAt('sub')],
      ['is-directory', () => open(top, 'sub', { truncate: true })],
      ['not-permitted', () => open(top, '../a')],
      ['not-permitted', () => open(top, '/a')],
      ['not-empty', () => top.removeDirectoryAt('sub')],
      ['quota', () => open(top, 'big').write(new Uint8Array(200_000), 0n)],
      ['bad-descriptor', () => top.openAt(FOLLOW, 'sub/a', {}, { read: true }).write(utf8('x'), 0n)],
    ];
    for (const [code, run] of refused) fails(code, run);
    const denied = made(false).top;
    fails('access', () => open(denied, 'a'));
    const stream = open(top, 'c').writeViaStream(0n);
    let val: unknown;
    try {
      stream.write(new Uint8Array(200_000));
    } catch (thrown) {
      ({ val } = (thrown as { payload: { val: unknown } }).payload);
    }
    assert.equal(errorCode(val), 'quota');
  });

  it('are let go of, but not what was found open; and each use is a crossing', () => {
    const { top, crossings } = made();
    const before = crossings();
    for (let i = 0; i < 2_000; i++) open(top, 'a')[Symbol.dispose]();
    top[Symbol.dispose]();
    assert.equal(top.getType(), 'directory');
    assert.ok(crossings() - before >= 4_000);
  });
});
