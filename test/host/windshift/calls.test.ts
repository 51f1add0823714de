// How a Windshift plugin is called: which functions start it, what survives a call, and what its errors say.

import { assert } from 'chai';
import { ClocheError, type Host, type Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { SPIN, SPIN_IMPORT } from '../../helpers/guests.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { wat } from '../../helpers/wat.ts';
import { data, exported, imports, noted, noting } from '../../workers/extism/abi-guest.ts';
import { packageOf, windshiftGuest } from './guest.ts';

const PROC_EXIT = imports('wasi_snapshot_preview1', 'proc_exit: i32');

/** Each start function adds its digit to `$order`; `run` notes it. */
const ORDER = `(global $order (mut i64) (i64.const 0))
  (func $did (param $digit i64)
    (global.set $order (i64.add (i64.mul (global.get $order) (i64.const 10)) (local.get $digit))))
  ${noting('run', '(call $note (global.get $order))')}`;
const STEPS = {
  _initialize: '(func (export "_initialize") (call $did (i64.const 2)))',
  __wasm_call_ctors: '(func (export "__wasm_call_ctors") (call $did (i64.const 3)))',
  hs_init: '(func (export "hs_init") (param i32 i32) (call $did (i64.const 4)))',
  _start: '(func (export "_start") (call $did (i64.const 5)))',
} as const;

describe('a Windshift plugin', () => {
  let host: Host;
  before(async () => {
    host = await makeHost({ serviceWorker: '/cloche-sw.js' });
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  const install = async (body: string, more = ''): Promise<Plugin> =>
    host.install(packageOf({ name: 'demo' }, await windshiftGuest(body, more)), { replace: true });

  describe('is started by', () => {
    const table: [steps: (keyof typeof STEPS)[], order: bigint][] = [
      [[], 0n],
      [['_start'], 0n],
      [['_initialize'], 2n],
      [['__wasm_call_ctors'], 3n],
      [['_initialize', '__wasm_call_ctors'], 2n],
      [['hs_init', '__wasm_call_ctors'], 4n],
      [['hs_init', '_initialize', '__wasm_call_ctors', '_start'], 24n],
    ];
    for (const [steps, order] of table) {
      it(`${order} of [${steps}], once for each call`, async () => {
        const plugin = await install(ORDER + steps.map((step) => STEPS[step]).join(''));
        assert.deepEqual([await noted(plugin), await noted(plugin)], [[order], [order]]);
      });
    }
  });

  it('is a command without any known export, and its page all there is of it', async () => {
    const wasm = await wat(`(module
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const 3))))`);
    const page = { 'assets/index.html': '<p>hello' };
    const manifest = { name: 'react-demo', extensions: [{ point: 'admin.tab', id: 'a', label: 'A' }] };
    const plugin = await host.install(packageOf(manifest, wasm, page));
    assert.equal(new TextDecoder().decode(await plugin.asset('index.html')), '<p>hello');
    assert.isTrue(plugin.grants.has('dialogs'));
    await rejectsCode('EXPORT_MISSING', plugin.call('handle_request', '{}'));
  });

  it('finds a fresh instance at each call, also after traps and after the page was left', async () => {
    const plugin = await install(`(global $n (mut i64) (i64.const 0))
      ${noting('run', '(global.set $n (i64.add (global.get $n) (i64.const 1))) (call $note (global.get $n))')}
      (func (export "trap") (result i32) (global.set $n (i64.const 7)) unreachable)`);
    assert.deepEqual(await noted(plugin), [1n]);
    await rejectsCode('TRAP', plugin.call('trap'));
    assert.deepEqual(await noted(plugin), [1n]);
    await plugin.reset();
    assert.deepEqual(await noted(plugin), [1n]);
  });

  it('has no vars: setting one traps', async () => {
    const plugin = await install(`${data({ 0: 'n' })}
      ${exported('run', '(local.set $p (call $text (i32.const 0) (i32.const 1))) (call $var_set (local.get $p) (local.get $p))')}`);
    await rejectsCode('QUOTA_EXCEEDED', plugin.call('run'), /Vars are disabled by this host$/);
  });

  it("cannot use Extism's own `http_request`, which no grant gives", async () => {
    const plugin = await install(exported('run', '(drop (call $http_request (call $input) (i64.const 0)))'));
    await plugin.configure({ grant: { http: { allow: ['https://example.com'] } } });
    const denied = plugin.call('run', { url: 'https://example.com/' });
    await rejectsCode('PERMISSION_DENIED', denied, /`http_request` is not offered to this plugin$/);
  });

  it('has the limits of Windshift, and lower ones of its host', async () => {
    const { limits } = await install('');
    assert.deepEqual([limits.timeoutMs, limits.memoryBytes, limits.varBytes], [5_000, 64 << 20, 0]);
    const strict = await makeHost({ limits: { timeoutMs: 1_000 } });
    const plugin = await strict.install(packageOf({ name: 'demo' }, await windshiftGuest('')));
    assert.equal(plugin.limits.timeoutMs, 1_000);
  });

  it('is ended after its time, and runs again at the next call', async () => {
    const plugin = await install(
      `(func (export "spin") (result i32) ${SPIN} (i32.const 0)) ${noting('run', '(call $note (i64.const 1))')}`,
      SPIN_IMPORT,
    );
    await rejectsCode('TIMEOUT', plugin.call('spin', '', { timeoutMs: 300 }));
    assert.deepEqual(await noted(plugin), [1n]);
  });

  describe('gives its output', () => {
    const outputs: [what: string, body: string, output: string][] = [
      ['from `() -> i32`', exported('run', '(call $out (call $text (i32.const 0) (i32.const 5)))'), 'hello'],
      ['from `() -> ()`', '(func (export "run") (call $out (call $text (i32.const 0) (i32.const 5))))', 'hello'],
      [
        'though the block is freed right after it was set',
        exported(
          'run',
          `(local.set $p (call $text (i32.const 0) (i32.const 5))) (call $out (local.get $p)) (call $free (local.get $p))
           (drop (call $text (i32.const 16) (i32.const 5)))`,
        ),
        'hello',
      ],
      [
        'of a part of a block',
        exported(
          'run',
          '(call $output_set (i64.add (call $text (i32.const 0) (i32.const 5)) (i64.const 1)) (i64.const 3))',
        ),
        'ell',
      ],
      ['none for `output_set(0, 0)`', exported('run', '(call $output_set (i64.const 0) (i64.const 0))'), ''],
      ['none where it sets none', exported('run', ''), ''],
    ];
    for (const [what, body, output] of outputs) {
      it(what, async () => {
        const plugin = await install(`${data({ 0: 'hello', 16: 'other' })} ${body}`);
        assert.equal((await plugin.call('run')).text(), output);
      });
    }
  });

  describe('says of its failures', () => {
    const facts = async (body: string, more = ''): Promise<Pick<ClocheError, 'code' | 'detail' | 'exitCode'>> => {
      const plugin = await install(`${data({ 0: 'oops' })} ${body}`, more);
      try {
        await plugin.call('handle_request', '{}');
      } catch (error) {
        if (!(error instanceof ClocheError)) throw error;
        const { code, detail, exitCode } = error;
        return { code, detail, exitCode };
      }
      return assert.fail('it did not fail');
    };
    const run = (code: string) => `(func (export "handle_request") (result i32) ${code})`;
    const SET = '(call $error_set (call $text (i32.const 0) (i32.const 4)))';

    it('its return code', async () => {
      const expected = { code: 'PLUGIN_ERROR', detail: undefined, exitCode: 3 } as const;
      assert.deepEqual(await facts(run('(i32.const 3)')), expected);
      assert.deepEqual(await facts(run('(i32.const -1)')), { ...expected, exitCode: -1 });
    });

    it('its own words, whatever it returns', async () => {
      for (const code of [0, 1]) {
        const expected = { code: 'PLUGIN_ERROR', detail: 'oops', exitCode: code } as const;
        assert.deepEqual(await facts(run(`${SET} (i32.const ${code})`)), expected);
      }
    });

    it('that it has several results', async () => {
      const text = 'function handle_request has 2 results, expected 0 or 1';
      const body = '(func (export "handle_request") (result i32 i32) (i32.const 0) (i32.const 0))';
      assert.deepEqual(await facts(body), { code: 'EXPORT_INVALID', detail: text, exitCode: undefined });
    });

    it('the code it exits with', async () => {
      const body = run('(call $proc_exit (i32.const 7)) (i32.const 0)');
      assert.deepEqual(await facts(body, PROC_EXIT), { code: 'PLUGIN_ERROR', detail: undefined, exitCode: 7 });
    });

    it('and no more than that over its routes', async () => {
      const manifest = { name: 'demo', routes: [{ path: '*' }] };
      const bodies: [body: string, text: string][] = [
        [run('(i32.const 3)'), 'plugin returned non-zero status: 3'],
        [run(`${SET} (i32.const 1)`), 'oops'],
        ['', 'unknown function: handle_request'],
        [
          '(func (export "handle_request") (result i32 i32) (i32.const 0) (i32.const 0))',
          'function handle_request has 2 results, expected 0 or 1',
        ],
      ];
      for (const [body, text] of bodies) {
        const wasm = await windshiftGuest(`${data({ 0: 'oops' })} ${body}`);
        await host.install(packageOf(manifest, wasm), { replace: true });
        const response = await host.fetch('/api/plugins/demo/x');
        assert.equal(await response.text(), `Plugin error: failed to call plugin handler: ${text}\n`);
        assert.equal(response.status, 500);
      }
    });
  });
});
