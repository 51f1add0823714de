// What permissions leave of files, and that no way leads around them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accessBy } from '../../../src/files/access.ts';
import { EACCES, EILSEQ, ENAMETOOLONG, ENOENT, ENOTCAPABLE } from '../../../src/files/errno.ts';
import { preopensOf } from '../../../src/files/session/preopens.ts';
import * as rights from '../../../src/files/session/rights.ts';
import { Session } from '../../../src/files/session/session.ts';
import { bytes, CREATE, Guest, RIGHTS, ROOT, TRUNCATE } from './guest.ts';

const OK = 0;
const ALL = { read: { allowAll: true }, write: { allowAll: true } } as const;

/** A guest with these files, and then these rules. */
function guestWith(files: Readonly<Record<string, string>>, rules: Parameters<typeof accessBy>[0][number]): Guest {
  const owner = new Guest(ALL);
  for (const [path, content] of Object.entries(files)) owner.put(path, content);
  const guest = new Guest(rules);
  const { volume } = owner;
  const session = new Session([{ name: '/', volume, folder: volume.top }], accessBy([rules]));
  return Object.assign(guest, { session, volume, budget: owner.budget });
}

const FILES = { 'src/a': 'A', 'src/secret/k': 'K', 'src-private/a': 'P', other: 'O' };

describe('permissions of files', () => {
  it('reach as far as a folder, and not to one whose name only begins the same', () => {
    const guest = guestWith(FILES, { read: { allow: ['ws0://src'] } });
    const read = (path: string) => guest.openErrno(path, { rights: rights.FD_READ });
    assert.deepEqual(['src/a', 'src/secret/k', 'src-private/a', 'other', 'none', 'none/x'].map(read), [
      OK,
      OK,
      EACCES,
      EACCES,
      EACCES,
      EACCES,
    ]);
    assert.equal(read('src/none'), ENOENT);
    assert.equal(guest.openErrno('src/a', { rights: RIGHTS.FILE }), EACCES);
    assert.equal(guest.openErrno('src/new', { flags: CREATE, rights: 0n }), EACCES);
    assert.equal(guest.openErrno('src/a', { flags: TRUNCATE, rights: 0n }), EACCES);
  });

  it('take exceptions out of what they allow, in listings too', () => {
    const guest = guestWith(FILES, {
      read: { allowAll: true, disallow: ['ws0://src/secret'] },
      write: { allowAll: true },
    });
    assert.equal(guest.openErrno('src/secret/k', { rights: rights.FD_READ }), EACCES);
    assert.deepEqual(
      guestWith(FILES, { read: { allow: ['ws0://src'], disallow: ['ws0://src/secret'] } }).names('src'),
      ['.', '..', 'a'],
    );
    const narrow = guestWith(FILES, { read: { allow: ['ws0://src'] } });
    assert.equal(narrow.errno('fd_readdir', [ROOT, 1_000, 0]), EACCES);
  });

  it('are not walked around by dots, an absolute path, escapes, other slashes, or another form of a letter', () => {
    const guest = guestWith(FILES, { read: { allow: ['ws0://src'] } });
    const fd = guest.open('src', { rights: rights.FOLDER_RIGHTS });
    const read = (path: string | Uint8Array) => guest.errno('path_open', [fd, 1, 0, rights.FD_READ, 0, 0], path);
    for (const path of ['../other', 'secret/../../other', '/other', '..', './/../src/a']) {
      assert.equal(read(path), ENOTCAPABLE, path);
    }
    for (const path of ['..%2fother', '%2e%2e', '..\\other', 'a\0', 'a\u0301', '\u202ea', '%252e%252e', '..;x']) {
      assert.equal(read(path), EILSEQ, JSON.stringify(path));
    }
    assert.equal(read(new Uint8Array([0x61, 0xff])), EILSEQ);
    assert.equal(read('x'.repeat(256)), ENAMETOOLONG);
    assert.equal(read('x/'.repeat(3_000)), ENAMETOOLONG);
    assert.equal(read('secret/../a'), OK);
  });

  it('hold behind links, wherever they lead', () => {
    const files = { ...FILES };
    const rules = { read: { allow: ['ws0://src'] }, write: { allow: ['ws0://src'] } };
    const guest = guestWith(files, rules);
    assert.equal(guest.errno('path_symlink', [ROOT], '../other', 'src/l'), OK);
    assert.equal(guest.openErrno('src/l', { rights: rights.FD_READ }), EACCES);
    const fd = guest.open('src', { rights: rights.FOLDER_RIGHTS });
    assert.equal(guest.errno('path_open', [fd, 1, 0, rights.FD_READ, 0, 0], 'l'), ENOTCAPABLE);
    assert.equal(guest.errno('path_symlink', [ROOT], '/etc', 'src/m'), ENOTCAPABLE);
    assert.equal(guest.errno('path_link', [ROOT, 0, ROOT], 'other', 'src/h'), EACCES);
    assert.equal(guest.errno('path_link', [ROOT, 0, ROOT], 'src/a', 'h'), EACCES);
  });

  it('keep what is in an exception from being moved out of it', () => {
    const rules = {
      read: { allowAll: true, disallow: ['ws0://src/secret'] },
      write: { allowAll: true },
    } as const;
    const guest = guestWith(FILES, rules);
    assert.equal(guest.errno('path_rename', [ROOT, ROOT], 'src/secret/k', 'k'), EACCES);
    assert.equal(guest.errno('path_rename', [ROOT, ROOT], 'src', 'moved'), EACCES);
    assert.equal(guest.errno('path_link', [ROOT, 0, ROOT], 'src/secret/k', 'k'), EACCES);
    assert.equal(guest.errno('path_rename', [ROOT, ROOT], 'src-private', 'moved'), OK);
  });

  it('hold for what is open, too, from the moment they change', () => {
    const owner = new Guest(ALL);
    owner.put('a', 'A');
    let rules: Parameters<typeof accessBy>[0] = [ALL];
    const access = { may: (...of: ['read' | 'write', string]) => accessBy(rules).may(...of), leads: () => true };
    const session = new Session([{ name: '/', volume: owner.volume, folder: owner.volume.top }], access);
    const guest = Object.assign(new Guest(ALL), { session });
    const fd = guest.open('a');
    assert.equal(guest.run('fd_read', [fd, 1]).text, 'A');
    rules = [{ write: { allowAll: true } }];
    assert.equal(guest.errno('fd_pread', [fd, 0, 1]), EACCES);
    rules = [{ read: { allowAll: true } }];
    assert.deepEqual([guest.errno('fd_write', [fd], 'x'), guest.errno('fd_pread', [fd, 0, 1])], [EACCES, OK]);
  });

  it('say which folders a guest finds open', () => {
    const { volume } = guestWith(FILES, ALL);
    const found = (...rules: Parameters<typeof accessBy>[0]) =>
      preopensOf(
        [
          ['ws0://src', '/src'],
          ['ws0://', '/'],
          ['ws0://none', '/n'],
          ['ws0://../x', '/x'],
          ['file://', '/f'],
        ],
        [volume],
        accessBy(rules),
      ).map(({ name }) => name);
    assert.deepEqual(found(undefined), ['/src', '/']);
    assert.deepEqual(found({ read: { allow: ['ws0://src/secret'] } }), ['/src', '/']);
    assert.deepEqual(found({ read: { allow: ['app://'] } }), []);
    assert.deepEqual(found(ALL, { read: { allow: ['ws0://other'] } }), ['/']);
    assert.deepEqual(found(ALL, {}), []);
    assert.deepEqual(bytes('x'), new Uint8Array([120]));
  });
});
