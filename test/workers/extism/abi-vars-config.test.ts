// Config, vars and logs as guests see them.

import { assert } from 'chai';
import type { Host, Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { data, exported, noted, noting, openAbi } from './abi-guest.ts';

// Key or config name is the whole input where an export takes one.
const VARS = `${data({ 0: 'key', 16: 'value' })}
  (global $cell (mut i64) (i64.const 0))
  (func $key (result i64) (call $text (i32.const 0) (i32.const 3)))
  ${exported('config', '(local.set $p (call $config_get (call $input))) (if (i64.ne (local.get $p) (i64.const 0)) (then (call $out (local.get $p))))')}
  ${exported('set', '(call $var_set (call $key) (call $input))')}
  ${exported('get', '(local.set $p (call $var_get (call $key))) (if (i64.ne (local.get $p) (i64.const 0)) (then (call $out (local.get $p))))')}
  ${exported('delete', '(call $var_set (call $key) (i64.const 0))')}
  ${exported('trap', 'unreachable')}
  ${noting('absent', '(call $note (call $var_get (call $key)))')}`;

describe('config, vars and logs', () => {
  let host: Host;
  before(async () => {
    host = await makeHost({ logLevel: 'trace' });
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  const text = async (plugin: Plugin, name: string, input = '') => (await plugin.call(name, input)).text();

  describe('config', () => {
    it('is what manifest and host set', async () => {
      const plugin = await openAbi(host, VARS, { config: { vowels: 'aeiou', ünï: '✓' } });
      assert.equal(await text(plugin, 'config', 'vowels'), 'aeiou');
      assert.equal(await text(plugin, 'config', 'ünï'), '✓');
    });

    it('EX34: has no keys but those, neither `constructor` nor the empty one', async () => {
      const plugin = await openAbi(host, VARS, { config: { empty: '' } });
      for (const key of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'missing', 'empty', '']) {
        assert.equal(await text(plugin, 'config', key), '', key);
      }
    });

    it('EX34: has keys byte for byte: what is not UTF-8 ends the call, a byte order mark counts', async () => {
      const plugin = await openAbi(host, VARS, { config: { a: 'plain', '\ufeffa': 'marked', '\ufffd': 'replaced' } });
      assert.equal(await text(plugin, 'config', 'a'), 'plain');
      assert.equal(await text(plugin, 'config', '\ufeffa'), 'marked');
      await rejectsCode('TRAP', plugin.call('config', new Uint8Array([0xff])), /UTF-8/);
    });

    it('can have an empty key', async () => {
      const plugin = await openAbi(host, VARS, { config: { '': 'of nothing' } });
      assert.equal(await text(plugin, 'config', ''), 'of nothing');
    });
  });

  describe('vars', () => {
    it('last as long as the instance, and outlive a trap', async () => {
      const plugin = await openAbi(host, VARS);
      await plugin.call('set', 'one');
      assert.equal(await text(plugin, 'get'), 'one');
      await plugin.call('set', 'two');
      await rejectsCode('TRAP', plugin.call('trap'));
      assert.equal(await text(plugin, 'get'), 'two');
      await plugin.reset();
      assert.equal(await text(plugin, 'get'), '');
    });

    it('are deleted by a value of 0, which an empty value is too', async () => {
      const plugin = await openAbi(host, VARS);
      await plugin.call('set', 'one');
      await plugin.call('delete');
      assert.deepEqual(await noted(plugin, 'absent'), [0n]);
      await plugin.call('set', 'one');
      await plugin.call('set', '');
      assert.deepEqual(await noted(plugin, 'absent'), [0n]);
    });

    it('are copies: what a guest writes into a value afterwards changes nothing', async () => {
      const plugin = await openAbi(
        host,
        `${VARS} ${exported('spoil', '(call $store_u8 (call $var_get (call $key)) (i32.const 33))')}`,
      );
      await plugin.call('set', 'one');
      await plugin.call('spoil');
      assert.equal(await text(plugin, 'get'), 'one');
    });

    it('EX35: take the blocks of key and value', async () => {
      const plugin = await openAbi(
        host,
        `${VARS} ${noting(
          'run',
          `(local.set $p (call $key)) (local.set $q (call $text (i32.const 16) (i32.const 5)))
           (call $var_set (local.get $p) (local.get $q))
           (call $note (call $length (local.get $p))) (call $note (call $length (local.get $q)))
           (local.set $p (call $key)) (local.set $q (call $var_get (local.get $p)))
           (call $note (i64.extend_i32_u (i64.eq (call $length (local.get $q)) (i64.const 5))))`,
        )}`,
      );
      assert.deepEqual(await noted(plugin), [0n, 0n, 1n]);
    });

    it('EX37: count key, value and 48 bytes each, the new value beside the one it replaces', async () => {
      const plugin = await openAbi(host, VARS, { limits: { varBytes: 300 } });
      await plugin.call('set', 'x'.repeat(300 - 51));
      assert.equal(plugin.stats.use?.varBytes, 300);
      await rejectsCode('QUOTA_EXCEEDED', plugin.call('set', 'y'), /Variable store is full/);
      assert.equal((await plugin.call('get')).bytes().length, 249);
      await plugin.call('delete');
      await rejectsCode('QUOTA_EXCEEDED', plugin.call('set', 'x'.repeat(250)));
    });

    it('EX36: are off with a limit of 0', async () => {
      const plugin = await openAbi(host, VARS, { limits: { varBytes: 0 } });
      await rejectsCode('QUOTA_EXCEEDED', plugin.call('set', 'one'), /Vars are disabled by this host/);
      assert.equal(await text(plugin, 'get'), '');
    });

    it('can have an empty key', async () => {
      const plugin = await openAbi(
        host,
        `${VARS} ${exported('run', '(call $var_set (i64.const 0) (call $input)) (call $out (call $var_get (i64.const 0)))')}`,
      );
      assert.equal(await text(plugin, 'run', 'under nothing'), 'under nothing');
    });
  });

  describe('logs', () => {
    const LOGS = `${exported('all', ['trace', 'debug', 'info', 'warn', 'error'].map((level) => `(call $log_${level} (call $text (i32.const 0) (i32.const 3)))`).join(''))}
      ${noting('level', '(call $note32 (call $get_log_level))')}
      ${exported('empty', '(call $log_info (call $alloc (i64.const 0))) (call $log_error (i64.const 0))')}
      ${noting('taken', '(local.set $p (call $text (i32.const 0) (i32.const 3))) (call $log_trace (local.get $p)) (call $note (call $length (local.get $p)))')}
      ${data({ 0: 'key' })}`;
    const lines = (plugin: Plugin) => host.logs(plugin.id).map(({ level, text: line }) => `${level} ${line}`);

    it('go to the host with their level', async () => {
      const plugin = await openAbi(host, LOGS);
      await plugin.call('all');
      assert.deepEqual(lines(plugin), ['trace key', 'debug key', 'info key', 'warn key', 'error key']);
    });

    it('can be empty lines', async () => {
      const plugin = await openAbi(host, LOGS);
      await plugin.call('empty');
      assert.deepEqual(lines(plugin), ['info ', 'error ']);
    });

    const LEVELS = { trace: 0n, debug: 1n, info: 2n, warn: 3n, error: 4n, off: 2147483647n } as const;
    for (const [level, number] of Object.entries(LEVELS)) {
      it(`below \`${level}\` stay with the guest, which is told ${number}, and their blocks are taken`, async () => {
        host = await makeHost({ logLevel: level as keyof typeof LEVELS });
        const plugin = await openAbi(host, LOGS);
        await plugin.call('all');
        assert.lengthOf(lines(plugin), level === 'off' ? 0 : 5 - Number(number));
        assert.deepEqual(await noted(plugin, 'level'), [number]);
        assert.deepEqual(await noted(plugin, 'taken'), [0n]);
      });
    }
  });

  const INNER = '(i64.add (call $text (i32.const 0) (i32.const 3)) (i64.const 1))';
  const BAD: Record<string, string> = {
    'config key': `(drop (call $config_get ${INNER}))`,
    'var key': `(drop (call $var_get ${INNER}))`,
    'var key ': `(call $var_set ${INNER} (i64.const 0))`,
    'var value': `(call $var_set (call $text (i32.const 0) (i32.const 3)) ${INNER})`,
    'log message': `(call $log_error ${INNER})`,
    'http request': `(drop (call $http_request ${INNER} (i64.const 0)))`,
    'http request body': `(drop (call $http_request (call $text (i32.const 0) (i32.const 3)) ${INNER}))`,
  };
  for (const [what, code] of Object.entries(BAD)) {
    it(`an offset that is not a block of a ${what.trim()} ends the call with a trap (${code.slice(1, 40)})`, async () => {
      const plugin = await openAbi(host, data({ 0: 'key' }) + exported('run', code));
      await rejectsCode('TRAP', plugin.call('run'), new RegExp(`invalid handle offset for ${what.trim()}: \\d+`));
    });
  }
});
