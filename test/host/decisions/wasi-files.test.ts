// All of WASI for a plugin of a host: arguments, environment, and files that the page keeps, by grant and policy.

import { assert } from 'chai';
import type { Grant, HostOptions, Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import {
  CREATE,
  EACCES,
  EBADF,
  EDQUOT,
  EFAULT,
  ENOENT,
  ENOTCAPABLE,
  FILES,
  OK,
  OUT,
  open,
  RIGHTS,
  read,
  run,
  source,
  TEXT,
  write,
} from '../wasi-files.plugin.ts';

afterEach(closeHosts);

async function opened(options: HostOptions = {}, grant: Grant = 'manifest', given?: object): Promise<Plugin> {
  const host = await makeHost({ serviceWorker: '/cloche-sw.js', ...options });
  return host.open(await source(given), { grant });
}

/** A guest that waits, and one that cannot. */
for (const hostCalls of ['auto', 'none'] as const) {
  describe(`files of a plugin with host calls ${hostCalls}`, () => {
    it('are as far as grant and policy go, and no further', async () => {
      const rules = { read: { allow: ['ws0://in'] }, write: { allow: ['ws0://in', 'ws0://out'] } };
      const plugin = await opened(
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
      const plugin = await opened({ hostCalls, limits: { storageBytes: 100 } });
      assert.equal(await write(plugin, 'a', 'x'.repeat(20)), OK);
      assert.equal(await write(plugin, 'b', 'x'.repeat(20)), EDQUOT);
      assert.equal((await run(plugin, 'path_unlink_file', [3, TEXT, 1], 'a')).errno, OK);
      assert.equal(await write(plugin, 'b', 'x'.repeat(20)), OK);
    });

    it('are none without a grant, and the rest of WASI is there', async () => {
      const plugin = await opened({ hostCalls }, 'none', {
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
      const plugin = await opened({ hostCalls });
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
    const plugin = await opened({}, 'manifest', { wasi: 'full' });
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
