// What `fd_*` and `path_*` of WASI preview 1 do, group by group, without an engine or a page.
// https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as errno from '../../../src/files/errno.ts';
import * as rights from '../../../src/files/session/rights.ts';
import { CREATE, EXCLUSIVE, entries, FOLDER_ONLY, Guest, RIGHTS, ROOT, stat, TRUNCATE } from './guest.ts';

const OK = 0;

describe('a file that is open', () => {
  it('is read and written where it stands, and moved by seeking', () => {
    const guest = new Guest();
    const fd = guest.open('a', { flags: CREATE, rights: RIGHTS.FILE });
    assert.equal(guest.run('fd_write', [fd], 'hello').given.getUint32(0, true), 5);
    assert.equal(guest.run('fd_tell', [fd]).given.getBigUint64(0, true), 5n);
    assert.equal(guest.run('fd_seek', [fd, -3, 1]).given.getBigUint64(0, true), 2n);
    assert.equal(guest.run('fd_read', [fd, 2]).text, 'll');
    assert.equal(guest.run('fd_seek', [fd, -1, 2]).given.getBigUint64(0, true), 4n);
    assert.equal(guest.run('fd_read', [fd, 100]).text, 'o');
    assert.equal(guest.run('fd_read', [fd, 100]).text, '');
    for (const [offset, whence] of [
      [-6, 2],
      [-1, 0],
      [0, 3],
    ]) {
      assert.equal(guest.errno('fd_seek', [fd, offset as number, whence as number]), errno.EINVAL);
    }
    assert.equal(guest.run('fd_seek', [fd, 10, 0]).errno, OK);
    guest.run('fd_write', [fd], '!');
    assert.equal(guest.read('a'), 'hello\0\0\0\0\0!');
  });

  it('is read and written at a place without moving', () => {
    const guest = new Guest();
    const fd = guest.open('a', { flags: CREATE, rights: RIGHTS.FILE });
    assert.equal(guest.run('fd_pwrite', [fd, 2], 'xy').given.getUint32(0, true), 2);
    assert.equal(guest.run('fd_pread', [fd, 1, 2]).text, '\0x');
    assert.equal(guest.run('fd_tell', [fd]).given.getBigUint64(0, true), 0n);
    assert.equal(guest.run('fd_pread', [fd, 2n ** 63n, 2]).text, '');
    assert.equal(guest.errno('fd_pwrite', [fd, 2n ** 63n], 'x'), errno.EINVAL);
    assert.equal(guest.errno('fd_pwrite', [fd, 2n ** 40n], 'x'), errno.EFBIG);
  });

  it('is written at its end while it has the flag for that', () => {
    const guest = new Guest();
    guest.put('a', 'one');
    const fd = guest.open('a', { rights: RIGHTS.FILE | rights.FD_FDSTAT_SET_FLAGS, fdflags: 1 });
    guest.run('fd_write', [fd], 'two');
    assert.equal(guest.read('a'), 'onetwo');
    assert.equal(guest.run('fd_fdstat_get', [fd]).given.getUint16(2, true), 1);
    assert.equal(guest.errno('fd_fdstat_set_flags', [fd, 0]), OK);
    guest.run('fd_seek', [fd, 0, 0]);
    guest.run('fd_write', [fd], 'ONE');
    assert.equal(guest.read('a'), 'ONEtwo');
    assert.equal(guest.errno('fd_fdstat_set_flags', [fd, 32]), errno.EINVAL);
  });

  it('grows by what is allocated, and to what it is set', () => {
    const guest = new Guest();
    const fd = guest.open('a', { flags: CREATE, rights: rights.FILE_RIGHTS });
    const size = () => stat(guest.run('fd_filestat_get', [fd])).size;
    assert.equal(guest.errno('fd_allocate', [fd, 10, 20]), OK);
    assert.equal(size(), 30n);
    assert.equal(guest.errno('fd_allocate', [fd, 0, 5]), OK);
    assert.equal(size(), 30n);
    assert.equal(guest.errno('fd_allocate', [fd, 0, 0]), errno.EINVAL);
    guest.run('fd_write', [fd], 'abcdef');
    assert.equal(guest.errno('fd_filestat_set_size', [fd, 2]), OK);
    assert.equal(guest.errno('fd_filestat_set_size', [fd, 4]), OK);
    assert.equal(guest.read('a'), 'ab\0\0');
    assert.equal(guest.errno('fd_filestat_set_size', [fd, -1]), errno.EINVAL);
    assert.deepEqual(
      (['fd_sync', 'fd_datasync'] as const).map((name) => guest.errno(name, [fd])),
      [OK, OK],
    );
    assert.equal(guest.errno('fd_advise', [fd, 0, 0, 0]), OK);
    assert.equal(guest.errno('fd_advise', [fd, 0, 0, 6]), errno.EINVAL);
  });

  it('has the times that it is given', () => {
    const guest = new Guest();
    const fd = guest.open('a', { flags: CREATE, rights: rights.FILE_RIGHTS });
    guest.time = 5_000n;
    assert.equal(guest.errno('fd_filestat_set_times', [fd, 7, 8, 1 | 8]), OK);
    assert.deepEqual(stat(guest.run('fd_filestat_get', [fd])).times, [7n, 5_000n, 5_000n]);
    assert.equal(guest.errno('path_filestat_set_times', [ROOT, 0, 7, 9, 4], 'a'), OK);
    assert.deepEqual(stat(guest.run('path_filestat_get', [ROOT, 0], 'a')).times, [7n, 9n, 5_000n]);
    for (const both of [3, 12]) assert.equal(guest.errno('fd_filestat_set_times', [fd, 0, 0, both]), errno.EINVAL);
  });

  it('does what its rights allow, which only become fewer', () => {
    const guest = new Guest();
    const fd = guest.open('a', { flags: CREATE, rights: RIGHTS.FILE });
    assert.equal(guest.errno('fd_filestat_get', [fd]), errno.ENOTCAPABLE);
    assert.equal(guest.errno('fd_fdstat_set_rights', [fd, rights.FD_READ, 0]), OK);
    assert.equal(guest.errno('fd_write', [fd], 'x'), errno.EBADF);
    assert.equal(guest.errno('fd_seek', [fd, 0, 0]), errno.ENOTCAPABLE);
    assert.equal(guest.errno('fd_fdstat_set_rights', [fd, RIGHTS.FILE, 0]), errno.ENOTCAPABLE);
    const stated = guest.run('fd_fdstat_get', [fd]).given;
    assert.deepEqual([stated.getUint8(0), stated.getBigUint64(8, true)], [4, rights.FD_READ]);
  });

  it('is closed once, and may take the number of another', () => {
    const guest = new Guest();
    const [a, b] = [guest.open('a', { flags: CREATE }), guest.open('b', { flags: CREATE })];
    guest.run('fd_write', [a], 'of a');
    assert.equal(guest.errno('fd_renumber', [a, b]), OK);
    assert.equal(guest.errno('fd_close', [a]), errno.EBADF);
    guest.run('fd_seek', [b, 0, 0]);
    assert.equal(guest.run('fd_read', [b, 10]).text, 'of a');
    assert.equal(guest.errno('fd_renumber', [b, 99]), errno.EBADF);
    assert.equal(guest.errno('fd_renumber', [99, b]), errno.EBADF);
    assert.equal(guest.errno('fd_close', [b]), OK);
  });

  it('leaves the numbers alone that standard streams have taken', () => {
    const guest = new Guest();
    const fd = guest.open('a', { flags: CREATE });
    assert.equal(guest.errno('fd_renumber', [0, fd]), OK);
    assert.equal(guest.errno('fd_read', [fd, 1]), errno.EBADF);
    const next = guest.open('a');
    assert.notEqual(next, fd);
    assert.equal(guest.errno('fd_renumber', [next, 0]), OK);
    assert.equal(guest.errno('fd_fdstat_get', [0]), OK);
    assert.equal(guest.errno('fd_close', [fd]), OK);
    assert.equal(guest.open('a'), fd);
  });

  it('is read and written though its name is gone, and costs nothing once it is closed', () => {
    const guest = new Guest();
    const before = guest.budget.bytes;
    const fd = guest.open('a', { flags: CREATE });
    guest.run('fd_write', [fd], 'still');
    assert.equal(guest.errno('path_unlink_file', [ROOT], 'a'), OK);
    guest.run('fd_seek', [fd, 0, 0]);
    assert.equal(guest.run('fd_read', [fd, 10]).text, 'still');
    assert.equal(stat(guest.run('fd_filestat_get', [fd])).names, 0n);
    guest.run('fd_close', [fd]);
    assert.deepEqual([guest.budget.bytes, guest.budget.nodes], [before, 0]);
  });

  it('comes to an end of how many there may be', () => {
    const guest = new Guest();
    guest.put('a', '');
    let open = 1;
    while (guest.openErrno('a') === OK) open++;
    assert.deepEqual([open, guest.openErrno('a')], [1_024, errno.EMFILE]);
  });
});

describe('a folder', () => {
  it('is listed with itself and its parent, in pieces that join', () => {
    const guest = new Guest();
    for (const name of ['c', 'a', 'b']) guest.put(`d/${name}`, '');
    const fd = guest.open('d', { rights: rights.FOLDER_RIGHTS });
    const all = entries(guest.run('fd_readdir', [fd, 1_000, 0]).given);
    assert.deepEqual(
      all.map(({ name, kind }) => [name, kind]),
      [
        ['.', 3],
        ['..', 3],
        ['c', 4],
        ['a', 4],
        ['b', 4],
      ],
    );
    assert.equal(guest.run('fd_readdir', [fd, 30, 0]).given.byteLength, 30);
    let cookie = 0;
    const names: string[] = [];
    for (;;) {
      const { given } = guest.run('fd_readdir', [fd, 30, cookie]);
      const [first] = entries(given);
      if (!first) break;
      names.push(first.name);
      cookie = first.next;
    }
    assert.deepEqual(
      names,
      all.map(({ name }) => name),
    );
    guest.run('path_unlink_file', [fd], 'a');
    assert.deepEqual(
      entries(guest.run('fd_readdir', [fd, 1_000, all[2]?.next ?? 0]).given).map(({ name }) => name),
      ['b'],
    );
  });

  it('is made and removed, empty', () => {
    const guest = new Guest();
    assert.equal(guest.errno('path_create_directory', [ROOT], 'd/'), OK);
    assert.equal(guest.errno('path_create_directory', [ROOT], 'd'), errno.EEXIST);
    assert.equal(guest.errno('path_create_directory', [ROOT], 'x/y'), errno.ENOENT);
    guest.put('d/a', '');
    assert.equal(guest.errno('path_remove_directory', [ROOT], 'd'), errno.ENOTEMPTY);
    assert.equal(guest.errno('path_remove_directory', [ROOT], 'd/a'), errno.ENOTDIR);
    assert.equal(guest.errno('path_unlink_file', [ROOT], 'd'), errno.EISDIR);
    assert.equal(guest.errno('path_unlink_file', [ROOT], 'd/a/'), errno.ENOTDIR);
    guest.run('path_unlink_file', [ROOT], 'd/a');
    const fd = guest.open('d', { rights: rights.FOLDER_RIGHTS });
    assert.equal(guest.errno('path_remove_directory', [ROOT], 'd/'), OK);
    assert.equal(guest.errno('fd_readdir', [fd, 100, 0]), errno.ENOENT);
    assert.equal(guest.errno('path_create_directory', [fd], 'e'), errno.ENOENT);
    assert.equal(guest.errno('path_remove_directory', [ROOT], '.'), errno.EINVAL);
  });

  it('is no file', () => {
    const guest = new Guest();
    for (const call of [
      ['fd_read', [ROOT, 1]],
      ['fd_write', [ROOT]],
      ['fd_seek', [ROOT, 0, 0]],
      ['fd_tell', [ROOT]],
      ['fd_filestat_set_size', [ROOT, 0]],
    ] as const) {
      assert.equal(guest.errno(call[0], call[1]), errno.EISDIR, call[0]);
    }
    assert.equal(guest.openErrno('.', { rights: rights.FD_WRITE }), errno.EISDIR);
    const fd = guest.open('a', { flags: CREATE });
    assert.equal(guest.openErrno('b', { fd }), errno.ENOTDIR);
  });

  it('that is found open says under which name, and another does not', () => {
    const guest = new Guest();
    assert.equal(guest.run('fd_prestat_get', [ROOT]).given.getUint32(0, true), 1);
    assert.equal(guest.run('fd_prestat_dir_name', [ROOT, 1]).text, '/');
    assert.equal(guest.errno('fd_prestat_dir_name', [ROOT, 0]), errno.ENAMETOOLONG);
    assert.equal(guest.errno('fd_prestat_get', [guest.open('.', { rights: 0n })]), errno.ENOTSUP);
    assert.equal(guest.errno('fd_prestat_get', [99]), errno.EBADF);
  });
});

describe('path_open', () => {
  it('creates, refuses what is there, cuts, and wants a folder, as it is told', () => {
    const guest = new Guest();
    assert.equal(guest.openErrno('a'), errno.ENOENT);
    guest.put('a', 'text');
    assert.equal(guest.openErrno('a', { flags: CREATE | EXCLUSIVE }), errno.EEXIST);
    assert.equal(guest.openErrno('a', { flags: FOLDER_ONLY }), errno.ENOTDIR);
    assert.equal(guest.openErrno('a/'), errno.ENOTDIR);
    assert.equal(guest.openErrno('new/', { flags: CREATE }), errno.EISDIR);
    assert.equal(guest.openErrno('.', { flags: CREATE, rights: 0n }), errno.EISDIR);
    assert.equal(guest.openErrno('d', { flags: CREATE | FOLDER_ONLY }), errno.EINVAL);
    assert.equal(guest.openErrno('a', { flags: 16 }), errno.EINVAL);
    assert.equal(guest.read('a'), 'text');
    guest.open('a', { flags: TRUNCATE });
    assert.equal(guest.read('a'), '');
  });

  it('gives no more rights than its folder has to give', () => {
    const guest = new Guest();
    const fd = guest.open('.', { rights: rights.PATH_OPEN });
    assert.equal(guest.errno('fd_fdstat_set_rights', [fd, rights.PATH_OPEN, rights.FD_READ]), OK);
    guest.put('a', '');
    assert.equal(guest.openErrno('a', { fd, rights: rights.FD_READ }), OK);
    assert.equal(guest.openErrno('a', { fd, rights: rights.FD_WRITE }), errno.ENOTCAPABLE);
    assert.equal(guest.openErrno('b', { fd, flags: CREATE, rights: 0n }), errno.ENOTCAPABLE);
    assert.equal(guest.openErrno('a', { fd, flags: TRUNCATE, rights: 0n }), errno.ENOTCAPABLE);
  });
});

describe('names', () => {
  it('are moved over what may be replaced', () => {
    const guest = new Guest();
    const move = (from: string, to: string) => guest.errno('path_rename', [ROOT, ROOT], from, to);
    guest.put('a', 'of a');
    guest.put('b', 'of b');
    guest.put('d/c', '');
    guest.run('path_create_directory', [ROOT], 'e');
    assert.equal(move('a', 'b'), OK);
    assert.equal(guest.read('b'), 'of a');
    assert.equal(move('a', 'b'), errno.ENOENT);
    assert.equal(move('b', 'e'), errno.EISDIR);
    assert.equal(move('b', 'x/'), errno.ENOTDIR);
    assert.equal(move('e', 'b'), errno.ENOTDIR);
    assert.equal(move('e', 'd'), errno.ENOTEMPTY);
    assert.equal(move('d', 'd/e'), errno.EINVAL);
    assert.equal(move('d', 'e'), OK);
    assert.deepEqual(guest.names('e'), ['.', '..', 'c']);
    assert.equal(move('b', 'b'), OK);
    assert.equal(move('.', 'z'), errno.EBUSY);
  });

  it('may be two of one file', () => {
    const guest = new Guest();
    guest.put('a', 'text');
    const link = (from: string, to: string, flags = 0) => guest.errno('path_link', [ROOT, flags, ROOT], from, to);
    assert.equal(link('a', 'b'), OK);
    assert.equal(stat(guest.run('path_filestat_get', [ROOT, 0], 'b')).names, 2n);
    guest.run('path_unlink_file', [ROOT], 'a');
    assert.equal(guest.read('b'), 'text');
    assert.equal(link('b', 'b'), errno.EEXIST);
    assert.equal(link('b', 'c', 1), errno.EINVAL);
    assert.equal(link('b', 'c/'), errno.ENOENT);
    guest.run('path_create_directory', [ROOT], 'd');
    assert.equal(link('d', 'e'), errno.EPERM);
  });

  it('may lead to others, and are read as they are', () => {
    const guest = new Guest();
    guest.put('d/a', 'text');
    const symlink = (target: string, at: string) => guest.errno('path_symlink', [ROOT], target, at);
    assert.equal(symlink('a', 'd/l'), OK);
    assert.equal(symlink('d', 'to-d'), OK);
    assert.equal(guest.read('to-d/l'), 'text');
    assert.equal(guest.run('path_readlink', [ROOT, 100], 'to-d').text, 'd');
    assert.equal(guest.run('path_readlink', [ROOT, 0], 'to-d').text, '');
    assert.equal(guest.errno('path_readlink', [ROOT, 100], 'd'), errno.EINVAL);
    assert.equal(stat(guest.run('path_filestat_get', [ROOT, 0], 'to-d')).kind, 7);
    assert.equal(stat(guest.run('path_filestat_get', [ROOT, 1], 'to-d')).kind, 3);
    assert.equal(guest.openErrno('to-d', { lookup: 0 }), errno.ELOOP);
    assert.equal(guest.openErrno('to-d', { lookup: 0, flags: FOLDER_ONLY, rights: 0n }), errno.ENOTDIR);
    assert.equal(guest.openErrno('to-d/', { lookup: 0, rights: 0n }), OK);
    assert.equal(symlink('loop', 'loop'), OK);
    assert.equal(guest.openErrno('loop'), errno.ELOOP);
    assert.equal(symlink('new', 'dangling'), OK);
    assert.equal(guest.openErrno('dangling'), errno.ENOENT);
    assert.equal(guest.openErrno('dangling', { flags: CREATE }), OK);
    assert.equal(guest.read('new'), '');
    assert.equal(symlink('x', 'd'), errno.EEXIST);
    assert.equal(symlink('x', 'y/'), errno.ENOENT);
    assert.equal(guest.errno('path_unlink_file', [ROOT], 'to-d'), OK);
    assert.equal(guest.read('d/a'), 'text');
  });
});

describe('what a plugin keeps', () => {
  it('is no more than its quota of bytes and of files', () => {
    const guest = new Guest();
    guest.budget.quota = { bytes: 2_000, nodes: 2 };
    const fd = guest.open('a', { flags: CREATE });
    assert.equal(guest.errno('fd_write', [fd], 'x'.repeat(1_900)), OK);
    assert.equal(guest.errno('fd_write', [fd], 'x'.repeat(100)), errno.EDQUOT);
    assert.equal(guest.errno('fd_filestat_set_size', [fd, 2n ** 31n - 1n]), errno.EDQUOT);
    assert.equal(guest.errno('path_symlink', [ROOT], 'y'.repeat(200), 'b'), errno.EDQUOT);
    assert.equal(guest.errno('fd_filestat_set_size', [fd, 10]), OK);
    assert.equal(guest.errno('path_create_directory', [ROOT], 'b'), OK);
    assert.equal(guest.errno('path_create_directory', [ROOT], 'c'), errno.EDQUOT);
    assert.equal(guest.errno('path_remove_directory', [ROOT], 'b'), OK);
    assert.equal(guest.errno('path_create_directory', [ROOT], 'c'), OK);
  });
});
