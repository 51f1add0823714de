// All of WASI for a plugin of a host: arguments, environment, and files that the page keeps, by grant and policy.

import { assert } from 'chai';
import type { Grant, Host, HostOptions, Plugin } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { anyCall } from './wasi-files.guest.ts';

afterEach(closeHosts);

const NAMES = [
  'args_get',
  'args_sizes_get',
  'environ_get',
  'fd_close',
  'fd_prestat_dir_name',
  'fd_read',
  'fd_renumber',
  'fd_sync',
  'fd_write',
  'path_create_directory',
  'path_open',
  'path_unlink_file',
];
const FILES = { read: { allowAll: true }, write: { allowAll: true } };
const [OK, EACCES, EBADF, EDQUOT, EFAULT, ENOENT, ENOTCAPABLE] = [0, 2, 8, 19, 21, 44, 76];
const CREATE = 1n;
const RIGHTS = (1n << 1n) | (1n << 6n);
/** Where the guest has its arguments, and where its output begins. */
const TEXT = 4_096;
const OUT = 1_024;

interface Called {
  readonly errno: number;
  readonly out: DataView;
}

async function run(plugin: Plugin, name: string, args: readonly (number | bigint)[], memory = ''): Promise<Called> {
  const text = new TextEncoder().encode(memory);
  const input = new Uint8Array(TEXT - 4_020 + text.length);
  const view = new DataView(input.buffer);
  view.setInt32(0, NAMES.indexOf(name), true);
  args.forEach((arg, i) => {
    view.setBigInt64(4 + i * 8, BigInt(arg), true);
  });
  input.set(text, TEXT - 4_020);
  const bytes = (await plugin.call('run', input)).bytes();
  const out = new DataView(bytes.buffer, bytes.byteOffset);
  return { errno: out.getUint32(0, true), out: new DataView(bytes.buffer, bytes.byteOffset + 4) };
}

async function open(plugin: Plugin, path: string, flags = 0n, rights = RIGHTS): Promise<{ errno: number; fd: number }> {
  const { errno, out } = await run(plugin, 'path_open', [3, 1, TEXT, path.length, flags, rights, 0, 0, OUT], path);
  return { errno, fd: out.getUint32(0, true) };
}

/** One buffer: its address and length stand before it. */
async function write(plugin: Plugin, path: string, content: string): Promise<number> {
  const { errno, fd } = await open(plugin, path, CREATE);
  if (errno !== OK) return errno;
  const head = String.fromCharCode(8, 16, 0, 0, content.length, 0, 0, 0);
  const written = await run(plugin, 'fd_write', [fd, TEXT, 1, OUT], head + content);
  assert.equal((await run(plugin, 'fd_close', [fd])).errno, OK);
  return written.errno;
}

async function read(plugin: Plugin, path: string): Promise<string> {
  const { errno, fd } = await open(plugin, path, 0n, 1n << 1n);
  if (errno !== OK) return `errno ${errno}`;
  const head = String.fromCharCode(4, 4, 0, 0, 64, 0, 0, 0);
  const { out } = await run(plugin, 'fd_read', [fd, TEXT, 1, OUT], head);
  await run(plugin, 'fd_close', [fd]);
  return new TextDecoder().decode(new Uint8Array(out.buffer, out.byteOffset + 4, out.getUint32(0, true)));
}

async function source(given: { permissions?: object; wasi?: unknown } = {}) {
  const { permissions = { files: FILES }, wasi = { folders: { 'ws0://': '/' } } } = given;
  return { wasm: await anyCall(NAMES), manifest: { cloche: 1, id: 'p', permissions, wasi } };
}

async function opened(options: HostOptions = {}, grant: Grant = 'manifest', given?: object): Promise<[Plugin, Host]> {
  const host = await makeHost({ serviceWorker: '/cloche-sw.js', ...options });
  return [await host.open(await source(given), { grant }), host];
}

/** A guest that waits, and one that cannot. */
for (const hostCalls of ['auto', 'none'] as const) {
  describe(`files of a plugin with host calls ${hostCalls}`, () => {
    it('are kept by the page for the next instance and the next host, and go with the plugin', async () => {
      const storage = uniqueStorage();
      const options = { storage, hostCalls, serviceWorker: '/cloche-sw.js' };
      const host = await makeHost(options);
      const plugin = await host.install(await source());
      assert.equal((await run(plugin, 'path_create_directory', [3, TEXT, 1], 'd')).errno, OK);
      assert.equal(await write(plugin, 'd/a', 'kept'), OK);
      assert.equal(await read(plugin, 'd/a'), 'kept');
      await plugin.reset();
      assert.equal(await read(plugin, 'd/a'), 'kept');
      await host.close();
      const next = await makeHost(options);
      const again = existing(next.get('p'));
      assert.equal(await read(again, 'd/a'), 'kept');
      await again.uninstall({ wipe: true });
      const fresh = await next.install(await source());
      assert.equal(await read(fresh, 'd/a'), `errno ${ENOENT}`);
    });

    it('are as far as grant and policy go, and no further', async () => {
      const rules = { read: { allow: ['ws0://in'] }, write: { allow: ['ws0://in', 'ws0://out'] } };
      const [plugin] = await opened(
        {
          hostCalls,
          policy: { files: { read: { allowAll: true }, write: { allowAll: true, disallow: ['ws0://in/no'] } } },
        },
        { files: rules },
      );
      const errnos = [];
      for (const path of ['in', 'out', 'inside', 'in/no', 'other/../out/x', '../x', '%2e%2e']) {
        errnos.push((await run(plugin, 'path_create_directory', [3, TEXT, path.length], path)).errno);
      }
      assert.deepEqual(errnos, [OK, OK, EACCES, EACCES, EACCES, ENOTCAPABLE, 25]);
      assert.deepEqual([await write(plugin, 'in/a', 'a'), await write(plugin, 'in/no', 'a')], [OK, EACCES]);
      assert.equal(await read(plugin, 'in/a'), 'a');
    });

    it('are within the plugin’s quota', async () => {
      const [plugin] = await opened({ hostCalls, limits: { storageBytes: 100 } });
      assert.equal(await write(plugin, 'a', 'x'.repeat(20)), OK);
      assert.equal(await write(plugin, 'b', 'x'.repeat(20)), EDQUOT);
      assert.equal((await run(plugin, 'path_unlink_file', [3, TEXT, 1], 'a')).errno, OK);
      assert.equal(await write(plugin, 'b', 'x'.repeat(20)), OK);
    });

    it('are none without a grant, and the rest of WASI is there', async () => {
      const [plugin] = await opened({ hostCalls }, 'none', {
        wasi: { args: ['me', 'x'], env: { A: 'b' }, folders: { 'ws0://': '/' } },
      });
      assert.include([EBADF, ENOTCAPABLE], (await open(plugin, 'a')).errno);
      assert.equal((await run(plugin, 'args_sizes_get', [OUT, OUT + 4])).out.getUint32(4, true), 5);
      const { out } = await run(plugin, 'environ_get', [OUT + 512, OUT]);
      assert.equal(new TextDecoder().decode(new Uint8Array(out.buffer, out.byteOffset, 4)), 'A=b\0');
    });

    it('stay as they were when a call is ended in the middle', async () => {
      const storage = uniqueStorage();
      const host = await makeHost({ storage, hostCalls, serviceWorker: '/cloche-sw.js' });
      const plugin = await host.install(await source());
      assert.equal(await write(plugin, 'a', 'before'), OK);
      await rejectsCode('TIMEOUT', plugin.call('spin', '', { timeoutMs: 300 }));
      assert.equal(await read(plugin, 'a'), 'before');
    });

    it('answer a pointer outside of memory with EFAULT, and do nothing', async () => {
      const [plugin] = await opened({ hostCalls });
      assert.equal(
        (await run(plugin, 'path_open', [3, 1, TEXT, 1, CREATE, RIGHTS, 0, 0, 0x7fffffff], 'a')).errno,
        EFAULT,
      );
      assert.equal(await read(plugin, 'a'), `errno ${ENOENT}`);
    });
  });
}

describe('the whole of WASI', () => {
  it('is refused by name where policy or grant leave less', async () => {
    for (const mode of ['none', 'reduced']) {
      await rejectsCode(
        'IMPORT_MISSING',
        opened({ policy: { wasi: { mode } } }),
        /`(?:args_get|environ_get|args_sizes_get)`/,
      );
    }
    await rejectsCode('IMPORT_MISSING', opened({}, { files: FILES, wasi: { mode: 'reduced' } }), /path_open|args_get/);
  });

  it('finds the roots open where no folders are named', async () => {
    const [plugin] = await opened({}, 'manifest', { wasi: 'full' });
    const { errno, out } = await run(plugin, 'fd_prestat_dir_name', [4, OUT, 6]);
    assert.equal(errno, OK);
    assert.equal(new TextDecoder().decode(new Uint8Array(out.buffer, out.byteOffset, 6)), 'app://');
  });

  it('takes a manifest that says what it is to find, and no other', async () => {
    const host = await makeHost();
    for (const wasi of ['half', { argv: [] }, { args: [1] }, { folders: { 'ws0://': 1 } }]) {
      await rejectsCode('MANIFEST_INVALID', host.open(await source({ wasi })), /wasi/);
    }
  });
});
