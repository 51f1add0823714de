// What each failure says: the code that callers branch on, the plugin it is about, and what helps.

import { assert } from 'chai';
import {
  ClocheError,
  catalogs,
  defineCapability,
  ERROR_CODES,
  type ErrorCode,
  errorHelp,
  type Host,
  type InstallOptions,
} from '../../src/index.ts';
import { canary } from '../helpers/canary.ts';
import { guest, SPIN, SPIN_IMPORT } from '../helpers/guests.ts';
import { closeHosts, closePlugins, eventually, makeHost } from '../helpers/hosts.ts';
import { wat } from '../helpers/wat.ts';
import { leb, section } from '../workers/wasm/wasm-maker.ts';

interface Case {
  readonly code: ErrorCode;
  readonly what: string;
  /** What the message has to say beside the plugin's id: what was wrong, and what helps. */
  readonly says: readonly (string | RegExp)[];
  /** False where the failure comes before there is a plugin. @default true */
  readonly namesPlugin?: boolean;
  readonly check?: (error: ClocheError) => void;
  provoke(host: Host): Promise<unknown>;
}

const ID = 'subject';

async function open(host: Host, wasm: Uint8Array, options: InstallOptions = {}) {
  return host.open(wasm, { id: ID, ...options });
}

async function call(host: Host, name: string, body: string, options: InstallOptions = {}) {
  return (await open(host, await guest(body), options)).call(name);
}

const failing = defineCapability({
  name: 'failing',
  functions: { fail: { params: [], call: () => Promise.reject(new Error('the shelf is empty')) } },
});

const CASES: Case[] = [
  {
    code: 'SOURCE_INVALID',
    what: 'bytes of nothing known',
    says: ['not a WebAssembly module', 'a zip package', 'a JSON manifest'],
    namesPlugin: false,
    provoke: (host) => host.open(new TextEncoder().encode('hello')),
  },
  {
    code: 'FETCH_FAILED',
    what: 'a URL that answers 404',
    says: ['404'],
    namesPlugin: false,
    provoke: (host) => host.open(canary.url('/status/404')),
  },
  {
    code: 'CATALOG_INVALID',
    what: 'a plugin that a catalog does not have',
    says: ['app://plugins', 'none'],
    namesPlugin: false,
    provoke: async () => (await catalogs()).builtInCatalog([]).read('none'),
  },
  {
    code: 'PACKAGE_REJECTED',
    what: 'a module over `moduleBytes`',
    says: [/\d/],
    namesPlugin: false,
    provoke: async () => {
      const small = await makeHost({ limits: { moduleBytes: 50, packageBytes: 50 } });
      return small.open(await guest());
    },
  },
  {
    code: 'MANIFEST_INVALID',
    what: 'a field of the wrong type',
    says: ['timeout_ms'],
    namesPlugin: false,
    provoke: async (host) => host.open({ wasm: [{ data: await guest() }], timeout_ms: 'soon' }),
  },
  {
    code: 'HASH_MISMATCH',
    what: 'a module with another hash',
    says: ['SHA-256', '0'.repeat(64)],
    namesPlugin: false,
    provoke: async (host) => host.open({ wasm: [{ data: await guest(), hash: '0'.repeat(64) }] }),
  },
  {
    code: 'MODULE_REJECTED',
    what: 'a section that cannot be read',
    says: ['byte 11'],
    provoke: (host) => open(host, new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 3, 1, 0x99, 0])),
  },
  {
    code: 'MODULE_REJECTED',
    what: 'a function that no engine compiles',
    says: ['`main`', 'not valid WebAssembly'],
    provoke: async (host) => open(host, await wat('(module (func (result i32) (i64.const 1)))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'a function that no capability has (H3)',
    says: ['`nowhere` `lost`', '`defineCapability`'],
    provoke: async (host) => open(host, await wat('(module (import "nowhere" "lost" (func)))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'functions with names of kilobytes',
    says: [/`a{100}…` `b{100}…`, and 15 more \(no capability/, '`defineCapability`'],
    provoke: async (host) => {
      const names = `"${'a'.repeat(9_000)}" "${'b'.repeat(9_000)}`;
      return open(
        host,
        await wat(`(module ${Array.from({ length: 20 }, (_, i) => `(import ${names}${i}" (func))`).join('')})`),
      );
    },
  },
  {
    code: 'IMPORT_MISSING',
    what: 'the glue of a toolchain',
    says: ['`env` `emscripten_resize_heap`', '-sSTANDALONE_WASM'],
    provoke: async (host) => open(host, await wat('(module (import "env" "emscripten_resize_heap" (func)))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'WASI 0.2',
    says: ['`wasi:cli/run@0.2.0`', 'wasm32-wasip1'],
    provoke: async (host) => open(host, await wat('(module (import "wasi:cli/run@0.2.0" "run" (func)))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'a memory',
    says: ['`env` `memory`', 'functions only', '`--import-memory`'],
    provoke: async (host) => open(host, await wat('(module (import "env" "memory" (memory 1)))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'a host function of another type',
    says: ['`fail`', '(i64) -> i64', '() -> ()'],
    provoke: async (host) =>
      open(host, await wat('(module (import "extism:host/user" "fail" (func (param i64) (result i64))))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'a PDK before 1.0',
    says: ['`env` `extism_alloc`', 'PDK before 1.0', 'build the plugin again'],
    provoke: async (host) =>
      open(host, await wat('(module (import "env" "extism_alloc" (func (param i64) (result i64))))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'the glue of AssemblyScript',
    says: ['`env` `abort`', '--use abort='],
    provoke: async (host) => open(host, await wat('(module (import "env" "abort" (func (param i32 i32 i32 i32))))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'C++ exceptions by JavaScript',
    says: ['`env` `__cxa_throw`', '-fwasm-exceptions'],
    provoke: async (host) => open(host, await wat('(module (import "env" "__cxa_throw" (func (param i32 i32 i32))))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'Go for browsers',
    says: ['`gojs` `runtime.wasmExit`', 'GOOS=wasip1', '-buildmode=c-shared'],
    provoke: async (host) => open(host, await wat('(module (import "gojs" "runtime.wasmExit" (func (param i32))))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'wasm-bindgen',
    says: ['`wbg` `__wbindgen_throw`', 'wasm32-wasip1', 'getrandom'],
    provoke: async (host) => open(host, await wat('(module (import "wbg" "__wbindgen_throw" (func (param i32 i32))))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'wasm-bindgen before its own tool has run',
    says: ['`__wbindgen_placeholder__` `__wbindgen_describe`', 'wasm32-wasip1'],
    provoke: async (host) =>
      open(host, await wat('(module (import "__wbindgen_placeholder__" "__wbindgen_describe" (func (param i32))))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'a function of Extism of another type',
    says: ['`extism:host/env` `alloc`', 'wants (i32) -> i32', "Extism's is (i64) -> i64", 'PDK'],
    provoke: async (host) =>
      open(host, await wat('(module (import "extism:host/env" "alloc" (func (param i32) (result i32))))')),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'one name twice, the second time of another type',
    says: ['`fail`', 'wants (i64) -> ()', 'declares () -> ()'],
    provoke: async (host) =>
      open(
        host,
        await wat(
          '(module (import "extism:host/user" "fail" (func)) (import "extism:host/user" "fail" (func (param i64))))',
        ),
      ),
  },
  {
    code: 'IMPORT_MISSING',
    what: 'a host function that would give the guest a reference',
    says: ['`fail`', 'wants () -> externref', 'declares () -> ()'],
    provoke: async (host) =>
      open(host, await wat('(module (import "extism:host/user" "fail" (func (result externref))))')),
  },
  {
    code: 'EXPORT_MISSING',
    what: 'an export that is not there',
    says: ['`nothing`', '`echo`', '`spin`', '`trap`'],
    provoke: (host) => call(host, 'nothing', ''),
  },
  {
    code: 'EXPORT_MISSING',
    what: 'a name that every object has',
    says: ['`constructor`'],
    provoke: (host) => call(host, 'constructor', ''),
  },
  {
    code: 'EXPORT_INVALID',
    what: 'an export with a parameter',
    says: ['`add`', '(i32) -> i32', '() -> i32'],
    provoke: (host) => call(host, 'add', '(func (export "add") (param i32) (result i32) (local.get 0))'),
  },
  {
    code: 'EXPORT_INVALID',
    what: 'an export that is a memory',
    says: ['`memory`', 'a memory'],
    provoke: (host) => call(host, 'memory', '(memory (export "memory") 1)'),
  },
  {
    code: 'ALREADY_INSTALLED',
    what: 'the same id twice',
    says: ['`replace: true`'],
    provoke: async (host) => {
      await host.install(await guest(), { id: ID });
      return host.install(await guest(), { id: ID });
    },
  },
  {
    code: 'START_FAILED',
    what: 'a trap in the start section',
    says: [/unreachable/i],
    provoke: async (host) => open(host, await wat('(module (func $f unreachable) (start $f))')),
  },
  {
    code: 'START_TIMEOUT',
    what: 'a start that never ends',
    says: ['400 ms'],
    provoke: async (host) =>
      open(host, await wat(`(module ${SPIN_IMPORT} (func $f ${SPIN}) (start $f))`), {
        limits: { startTimeoutMs: 400 },
      }),
  },
  {
    code: 'TIMEOUT',
    what: 'a call that never ends',
    says: ['`spin`', '100 ms', 'next call starts afresh'],
    provoke: (host) => call(host, 'spin', '', { limits: { timeoutMs: 100 } }),
  },
  {
    code: 'ABORTED',
    what: 'an aborted call',
    says: ['aborted'],
    provoke: async (host) => (await open(host, await guest())).call('echo', '', { signal: AbortSignal.abort() }),
  },
  {
    code: 'TRAP',
    what: 'an unreachable',
    says: ['`trap`', /unreachable/i],
    check: ({ wasmStack }) => assert.lengthOf(wasmStack ?? [], 1, 'the frames of the guest alone'),
    provoke: (host) => call(host, 'trap', ''),
  },
  {
    code: 'TRAP',
    what: 'an access beyond memory, several functions deep',
    says: ['`deep`', /bounds/i],
    check: ({ wasmStack = [] }) => assert.isAtLeast(wasmStack.length, 3, wasmStack.join('; ')),
    provoke: (host) =>
      call(
        host,
        'deep',
        `(memory 1)
         (func $third (result i32) (i32.load (i32.const 65536)))
         (func $second (result i32) (i32.add (call $third) (i32.const 1)))
         (func (export "deep") (result i32) (i32.add (call $second) (i32.const 1)))`,
      ),
  },
  {
    code: 'TRAP',
    what: 'a division by zero',
    says: [/div|zero/i],
    provoke: (host) => call(host, 'run', '(func (export "run") (result i32) (i32.div_s (i32.const 1) (i32.const 0)))'),
  },
  {
    code: 'TRAP',
    what: 'a trap in a function whose name has a megabyte',
    says: ['`run`', /unreachable/i],
    check: ({ wasmStack = [] }) => {
      // WebKit drops a name as long as that.
      assert.match(wasmStack.join(), /^(?:a{100}…|0) \(function 0/);
      assert.isBelow(wasmStack.join().length, 300);
    },
    provoke: async (host) => {
      const named = [0, ...leb(1 << 20), ...new Array<number>(1 << 20).fill(0x61)];
      const names = section(0, [4, ...new TextEncoder().encode('name'), 1, ...leb(1 + named.length), 1, ...named]);
      const code = await wat('(module (func (export "run") (unreachable)))');
      return (await open(host, new Uint8Array([...code, ...names]))).call('run');
    },
  },
  {
    code: 'TRAP',
    what: 'an exception that the plugin does not catch',
    says: ['`run`', 'threw an exception and did not catch it', 'C++', '`error_set`'],
    provoke: (host) => call(host, 'run', '(tag $e (param i32)) (func (export "run") (throw $e (i32.const 1)))'),
  },
  {
    code: 'START_FAILED',
    what: 'an exception that the plugin does not catch as it starts',
    says: ['threw an exception and did not catch it'],
    provoke: async (host) => open(host, await wat('(module (tag $e) (func $f (throw $e)) (start $f))')),
  },
  {
    code: 'PLUGIN_ERROR',
    what: 'a return code',
    says: ['7'],
    check: ({ exitCode }) => assert.equal(exitCode, 7),
    provoke: (host) => call(host, 'run', '(func (export "run") (result i32) (i32.const 7))'),
  },
  {
    code: 'PLUGIN_ERROR',
    what: 'the plugin’s own words',
    says: ['no bread today'],
    check: ({ detail }) => assert.equal(detail, 'no bread today'),
    provoke: async (host) =>
      (
        await open(
          host,
          await guest('(func (export "run") (result i32) (call $error_set (call $input_offset)) (i32.const 1))'),
        )
      ).call('run', 'no bread today'),
  },
  {
    code: 'INPUT_TOO_LARGE',
    what: 'an input over `exchangeBytes`',
    says: ['65537', '65536', '`exchangeBytes`'],
    provoke: async (host) =>
      (await open(host, await guest(), { limits: { exchangeBytes: 65_536 } })).call('echo', new Uint8Array(65_537)),
  },
  {
    code: 'BUSY',
    what: 'too many calls',
    says: ['wait already', 'try again'],
    provoke: async (host) => {
      const plugin = await open(host, await guest(), { limits: { queuedCalls: 0 } });
      return Promise.all([plugin.call('echo'), plugin.call('echo')]);
    },
  },
  {
    code: 'DISABLED',
    what: 'a plugin that is switched off',
    says: ['`enable()`'],
    provoke: async (host) => {
      const plugin = await open(host, await guest());
      await plugin.disable();
      return plugin.call('echo');
    },
  },
  {
    code: 'CLOSED',
    what: 'a plugin that is closed',
    says: ['closed'],
    provoke: async (host) => {
      const plugin = await open(host, await guest());
      await plugin.close();
      return plugin.call('echo');
    },
  },
  {
    code: 'OPTION_INVALID',
    what: 'an input that JSON cannot hold',
    says: ['JSON'],
    namesPlugin: false,
    provoke: async (host) => (await open(host, await guest())).call('echo', 5n),
  },
  {
    code: 'OPTION_INVALID',
    what: 'a grant for nothing on offer',
    says: ['`grant.telepathy`', 'failing'],
    namesPlugin: false,
    provoke: async (host) => open(host, await guest(), { grant: { telepathy: true } }),
  },
  {
    code: 'OPTION_INVALID',
    what: 'a config that is not a string',
    says: ['config'],
    namesPlugin: false,
    provoke: async (host) => open(host, await guest(), { config: { key: 5 } as unknown as Record<string, string> }),
  },
  {
    code: 'OPTION_INVALID',
    what: 'a new config that is not a string',
    says: ['config'],
    namesPlugin: false,
    provoke: async (host) =>
      (await open(host, await guest())).configure({ config: { key: 5 } as unknown as Record<string, string> }),
  },
];

describe('errors', () => {
  let host: Host;
  before(async () => {
    host = await makeHost({ capabilities: [failing] });
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  for (const { code, what, says, namesPlugin = true, check, provoke } of CASES) {
    it(`${code}: ${what}`, async () => {
      const error = await provoke(host).then(
        () => assert.fail('nothing went wrong'),
        (thrown: unknown) => thrown,
      );
      assert.instanceOf(error, ClocheError);
      const { message, plugin } = error as ClocheError;
      assert.equal((error as ClocheError).code, code, message);
      for (const words of says) {
        if (typeof words === 'string') assert.include(message, words);
        else assert.match(message, words);
      }
      if (namesPlugin) {
        assert.equal(plugin, ID);
        assert.include(message, `"${ID}"`);
      }
      check?.(error as ClocheError);
      assert.notMatch(message, /https?:\/\/localhost|\.ts:\d|at .+:\d+:\d+/, 'no stack and no path of the page');
    });
  }

  it('name every code with what it means and what helps', async () => {
    for (const code of ERROR_CODES) {
      assert.match(code, /^[A-Z][A-Z_]+$/);
      assert.match(await errorHelp(code), /^.{20,}\.$/, code);
    }
  });

  it('leave nothing running after a failed opening', async () => {
    for (const text of ['(module (import "a" "b" (func)))', '(module (func $f unreachable) (start $f))']) {
      await open(host, await wat(text)).catch(() => undefined);
    }
    assert.isEmpty(host.plugins);
    await eventually(async () => (await host.population()).plugins === 0, 'no worker of a plugin');
  });

  it('H10: do not hand the stack or the cause of a host function to the guest’s side', async () => {
    const waiting = await makeHost({ capabilities: [failing], serviceWorker: '/cloche-sw.js' });
    const wasm = await guest(
      '(func (export "run") (result i32) (call $fail) (i32.const 0))',
      '(import "extism:host/user" "fail" (func $fail))',
    );
    const plugin = await open(waiting, wasm);
    const error = (await plugin.call('run').catch((thrown: unknown) => thrown)) as ClocheError;
    assert.equal(error.code, 'HOST_FUNCTION_FAILED');
    assert.notMatch(`${error.message} ${error.detail} ${error.wasmStack?.join(' ')}`, /\.ts|localhost/);
  });
});
