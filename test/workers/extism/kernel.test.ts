import { assert } from 'chai';
import kernelBytes from '../../../workers/extism/kernel/kernel.wat';
import { KERNEL_FUNCTIONS } from '../../../workers/extism/kernel/kernel-module.ts';
import { readModule } from '../../../workers/wasm/module.ts';
import { wat } from '../../helpers/wat.ts';
import { type KernelHost, kernelHost } from './kernel-host.ts';

describe('what guests may import of the kernel', () => {
  it('is there, with the types that are written down', () => {
    const exported = new Map(readModule(kernelBytes).exports.map(({ name, type }) => [name.text, type]));
    for (const [name, type] of KERNEL_FUNCTIONS) assert.equal(exported.get(name), type, name);
    const others = [...exported.keys()].filter((name) => !KERNEL_FUNCTIONS.has(name)).sort();
    assert.equal(
      others.join(' '),
      'alloc_i32 begin error_len error_ptr free_i32 input_set_i32 length_i32 log_level lost memory output_len output_ptr peak refused require_block used',
    );
  });
});

describe('kernel', () => {
  let host: KernelHost;
  let k: KernelHost['k'];

  beforeEach(async () => {
    host = await kernelHost();
    k = host.k;
  });

  describe('blocks', () => {
    it('answers length for the exact start of a live block only (EX11)', () => {
      const p = k.alloc(40n);
      assert.equal(k.length(p), 40n);
      assert.equal(k.length_unsafe(p), 40n);
      for (const other of [0n, p - 16n, p - 1n, p + 1n, p + 16n, p + 40n, 2n ** 32n + p, -p]) {
        assert.equal(k.length(other), 0n, `length(${other})`);
        assert.equal(k.length_unsafe(other), 0n, `length_unsafe(${other})`);
      }
    });

    it('makes no block of 0 bytes, and has none at 0 (EX11)', () => {
      assert.equal(k.alloc(0n), 0n);
      assert.equal(k.refused(), 0);
      k.free(0n);
      assert.isAbove(Number(k.alloc(1n)), 0);
    });

    it('frees twice, inside a block and at random places without harm', () => {
      const p = k.alloc(100n);
      const q = k.alloc(100n);
      for (const where of [p, p, p + 4n, 0n, -1n, 2n ** 63n, q + 100n]) k.free(where);
      assert.equal(k.length(p), 0n);
      assert.equal(k.length(q), 100n);
    });

    it('keeps offsets small (EX13)', () => {
      assert.isBelow(Number(k.alloc(1n)), 1024);
    });

    it('starts over after reset, with all bytes zero', () => {
      const first = k.alloc(1000n);
      k.store_u64(first, -1n);
      k.store_u8(60_000n, 7);
      k.output_set(first, 8n);
      k.error_set(first);
      k.input_set(first, 8n);
      k.reset();
      assert.isTrue(new Uint8Array(k.memory.buffer).every((byte) => byte === 0));
      assert.deepEqual(
        [k.output_length(), k.error_get(), k.input_length(), k.input_offset(), k.used()],
        [0n, 0n, 0n, 0n, 0],
      );
      assert.equal(k.alloc(1000n), first);
    });

    it('tells the size of its memory, and the bytes in use with headers', () => {
      assert.equal(k.memory_bytes(), BigInt(k.memory.buffer.byteLength));
      const before = k.used();
      const p = k.alloc(100n);
      assert.isAtLeast(k.used() - before, 100);
      assert.isAtLeast(k.peak(), Number(p) + 100);
      k.free(p);
      assert.equal(k.used(), before);
    });
  });

  describe('loads and stores', () => {
    it('moves bytes and little-endian words, unaligned too', () => {
      const p = k.alloc(16n);
      k.store_u64(p + 3n, 0x0807060504030201n);
      assert.equal(k.load_u8(p + 3n), 1);
      assert.equal(k.load_u8(p + 10n), 8);
      k.store_u8(p + 3n, 0x1ff);
      assert.equal(k.load_u64(p + 3n), 0x08070605040302ffn);
    });

    it('reads 0 and writes nothing beyond memory, straddling words included (EX12)', () => {
      const end = k.memory_bytes();
      k.store_u8(end - 1n, 9);
      for (const p of [end - 7n, end - 1n, end, end + 1n, 2n ** 32n, 2n ** 63n, -1n, -8n]) {
        k.store_u64(p, -1n);
        assert.equal(k.load_u64(p), 0n, `load_u64(${p})`);
      }
      for (const p of [end, 2n ** 32n, 2n ** 63n, -1n]) {
        k.store_u8(p, 255);
        assert.equal(k.load_u8(p), 0, `load_u8(${p})`);
      }
      assert.equal(k.load_u8(end - 1n), 9);
      assert.equal(k.load_u8(0n), 0);
    });
  });

  describe('input', () => {
    it('reads bytes and words of the input, and 0 past its end', () => {
      const p = host.put('0123456789');
      k.input_set(p, 10n);
      assert.deepEqual([k.input_offset(), k.input_length()], [p, 10n]);
      assert.equal(k.input_load_u8(9n), 0x39);
      assert.equal(k.input_load_u64(2n), 0x3938373635343332n);
      for (const i of [10n, 2n ** 32n, -1n]) assert.equal(k.input_load_u8(i), 0, `byte ${i}`);
      for (const i of [3n, 10n, -1n, -8n, 2n ** 32n]) {
        assert.equal(k.input_load_u64(i), 0n, `word ${i}`);
      }
    });

    it('reads no word of an input shorter than one', () => {
      k.input_set(host.put('1234567'), 7n);
      assert.equal(k.input_load_u64(0n), 0n);
      assert.equal(k.input_load_u64(-1n), 0n);
    });

    it('has no length once its block is freed, and keeps the bytes while there is other room', () => {
      const p = host.put('input');
      k.input_set(p, 5n);
      k.free(p);
      assert.equal(k.input_length(), 0n);
      assert.equal(k.input_load_u8(0n), 0);
      for (let i = 0; i < 100; i += 1) assert.notEqual(k.alloc(5n), p);
      assert.equal(host.text(p, 5), 'input');
    });

    it('takes no input beyond memory', () => {
      k.input_set(host.put('input'), 5n);
      k.input_set(k.memory_bytes() - 4n, 5n);
      k.input_set(2n ** 32n + 512n, 1n);
      assert.equal(k.input_length(), 5n);
    });
  });

  describe('output and error', () => {
    const output = () => host.text(k.output_ptr(), k.output_len());

    it('honours an inner offset and a shorter length (EX17)', () => {
      const p = host.put('a long text');
      k.output_set(p + 2n, 4n);
      assert.equal(output(), 'long');
      assert.deepEqual([k.output_offset(), k.output_length()], [p + 2n, 4n]);
    });

    it('keeps the output when its block is freed, whatever is allocated then (EX18)', () => {
      const p = host.put('the output, longer than a header');
      k.output_set(p, 32n);
      k.free(p);
      assert.equal(k.length(p), 0n);
      for (let i = 0; i < 200; i += 1) host.put('#'.repeat(1 + (i % 64)));
      assert.equal(output(), 'the output, longer than a header');
    });

    it('keeps the error text when its block is freed, whatever is allocated then (EX20)', () => {
      const p = host.put('out of cheese');
      k.error_set(p);
      k.free(p);
      assert.deepEqual([k.error_get(), k.length(k.error_get())], [p, 0n]);
      for (let i = 0; i < 200; i += 1) host.put('#'.repeat(1 + (i % 64)));
      assert.equal(host.text(k.error_ptr(), k.error_len()), 'out of cheese');
    });

    it('keeps output and error even when memory runs out', async () => {
      ({ k } = host = await kernelHost(2));
      const [a, b] = [host.put('output'), host.put('error')];
      k.output_set(a, 6n);
      k.error_set(b);
      for (const p of [host.put('#'), a, b]) k.free(p);
      while (k.alloc(100n) !== 0n) k.store_u8(k.alloc(16n), 35);
      assert.equal(output(), 'output');
      assert.equal(host.text(k.error_ptr(), k.error_len()), 'error');
    });

    it('ignores output_set(0, 0), and takes output_set(p, 0) as empty (EX19)', () => {
      const p = host.put('first');
      k.output_set(p, 5n);
      k.output_set(0n, 0n);
      assert.equal(output(), 'first');
      k.output_set(p, 0n);
      assert.equal(k.output_length(), 0n);
      assert.equal(k.output_offset(), p);
    });

    it('ignores an output that memory does not have', () => {
      k.output_set(host.put('first'), 5n);
      const end = k.memory_bytes();
      for (const [p, n] of [
        [end - 4n, 5n],
        [512n, end],
        [512n, -1n],
        [-8n, 8n],
        [2n ** 40n, 1n],
        [8n, 1n],
      ]) {
        k.output_set(p as bigint, n as bigint);
      }
      assert.equal(output(), 'first');
    });

    it('clears the error with error_set(0) (EX21)', () => {
      k.error_set(host.put('error'));
      k.error_set(0n);
      assert.deepEqual([k.error_get(), k.error_ptr(), k.error_len()], [0n, 0, 0]);
    });

    it('shows the host no error for an offset that is not a block', () => {
      k.error_set(host.put('error') + 1n);
      assert.deepEqual([k.error_ptr(), k.error_len()], [0, 0]);
    });
  });

  describe('host functions', () => {
    it('hands over key and value, and takes their blocks (EX35)', () => {
      for (const name of ['config_get', 'var_get'] as const) {
        const key = host.put(name);
        assert.equal(k[name](key), 0n);
        assert.equal(k.length(key), 0n);
      }
      const [key, value, dropped] = [host.put('key'), host.put('value'), host.put('dropped')];
      k.var_set(key, value);
      k.var_set(dropped, 0n);
      assert.deepEqual(host.calls, [
        ['config_get', 'config_get'],
        ['var_get', 'var_get'],
        ['var_set', 'key', 'value', 0],
        ['var_set', 'dropped', '', 1],
      ]);
      for (const p of [key, value, dropped]) assert.equal(k.length(p), 0n);
    });

    it('M14: tells an offset of 0 from what was refused, until the next call', () => {
      const good = host.put('good');
      k.output_set(good, 4n);
      assert.equal(k.alloc(2n ** 40n), 0n);
      assert.equal(k.refused() >>> 0, 0xffff_ffff);
      k.require_block(good);
      k.error_set(good);
      assert.deepEqual([k.lost(), host.text(k.output_ptr(), k.output_len())], [0, 'good']);
      for (const use of [() => k.var_set(good, 0n), () => k.require_block(0n), () => k.http_request(good, 0n)]) {
        assert.throws(use, WebAssembly.RuntimeError);
        assert.equal(k.lost(), 1);
      }
      assert.throws(() => k.output_set(0n, 4n), WebAssembly.RuntimeError);
      assert.equal(k.lost(), 2);
      assert.isEmpty(host.calls);
      k.reset();
      assert.throws(() => k.require_block(0n), WebAssembly.RuntimeError);
      k.begin();
      k.require_block(0n);
      assert.deepEqual([k.refused(), k.lost()], [0, 0]);
    });

    it('M14: lets nobody write where no block lies, and uses no block after one was written that was refused', () => {
      const good = host.put('good');
      const before = new Uint8Array(k.memory.buffer.slice(0, 512));
      for (let p = 0n; p < 512n; p += 8n) k.store_u64(p, -1n);
      k.store_u8(511n, 1);
      k.store_u64(511n, -1n);
      assert.deepEqual(new Uint8Array(k.memory.buffer.slice(0, 512)), before);
      assert.equal(host.text(good), 'good');
      assert.equal(k.lost(), 0);
      k.alloc(2n ** 31n);
      k.store_u8(k.memory_bytes(), 1);
      assert.equal(k.lost(), 0);
      k.store_u8(0n, 1);
      assert.equal(k.lost(), 1);
      assert.throws(() => k.config_get(good), WebAssembly.RuntimeError);
      assert.throws(() => k.output_set(good, 1n), WebAssembly.RuntimeError);
    });

    it('returns a block of the host, which lies in none of those it was given', () => {
      host.answer = 'answer';
      const key = host.put('abcdef');
      const config = k.config_get(key);
      assert.equal(host.text(config), 'answer');
      assert.notEqual(config, key);
      assert.equal(host.text(k.var_get(host.put('abcdef'))), 'answer');
    });

    it('hands over request and body, and takes both', () => {
      const [request, body, bare] = [host.put('{}'), host.put('body'), host.put('{"a":1}')];
      assert.equal(k.http_request(request, body), 0n);
      assert.equal(k.http_request(bare, 0n), 0n);
      assert.deepEqual(host.calls, [
        ['http_request', '{}', 'body'],
        ['http_request', '{"a":1}', ''],
      ]);
      for (const p of [request, body, bare]) assert.equal(k.length(p), 0n);
      host.answer = '[]';
      const again = host.put('{}');
      const answer = k.http_request(again, 0n);
      assert.equal(host.text(answer), '[]');
      assert.notEqual(answer, again);
    });

    it('passes on status and headers, and 0 for nothing', () => {
      assert.equal(k.http_status_code(), 204);
      assert.equal(k.http_headers(), 0n);
      host.answer = '{}';
      assert.equal(host.text(k.http_headers()), '{}');
    });

    it('logs from its level up, and takes the block either way', () => {
      k.log_level.value = 2;
      assert.equal(k.get_log_level(), 2);
      for (const name of ['log_trace', 'log_debug', 'log_info', 'log_warn', 'log_error'] as const) {
        const p = host.put(name);
        k[name](p);
        assert.equal(k.length(p), 0n, name);
      }
      assert.deepEqual(host.calls, [
        ['log', 2, 'log_info'],
        ['log', 3, 'log_warn'],
        ['log', 4, 'log_error'],
      ]);
    });

    it('logs nothing until a level is set', () => {
      assert.equal(k.get_log_level(), 2147483647);
      k.log_error(host.put('quiet'));
      k.log_error(77n);
      assert.deepEqual(host.calls, []);
    });

    it('takes offset 0 for empty text, which is what `alloc` gives for it', () => {
      k.log_level.value = 0;
      k.log_info(0n);
      k.config_get(0n);
      k.var_get(0n);
      k.var_set(0n, host.put('value'));
      k.http_request(0n, 0n);
      assert.deepEqual(host.calls, [
        ['log', 2, ''],
        ['config_get', ''],
        ['var_get', ''],
        ['var_set', '', 'value', 0],
        ['http_request', '', ''],
      ]);
    });

    it('H7: throws the host what no block is, and leaves no block behind but the good one', () => {
      k.log_level.value = 0;
      const good = host.put('good');
      const inner = good + 1n;
      const cases: [string, () => unknown, number, bigint][] = [
        ['config key', () => k.config_get(inner), 0, inner],
        ['var key', () => k.var_get(inner), 1, inner],
        ['var key of var_set', () => k.var_set(inner, good), 1, inner],
        ['var value', () => k.var_set(good, inner), 2, inner],
        ['log message', () => k.log_warn(-1n), 3, 2n ** 64n - 1n],
        ['request', () => k.http_request(2n ** 32n + good, 0n), 4, 2n ** 32n + good],
        ['request body', () => k.http_request(good, inner), 5, inner],
      ];
      for (const [name, call, what, offset] of cases) {
        assert.throws(call, RangeError, `bad handle ${what} ${offset}`, name);
      }
      assert.deepEqual(host.calls, []);
      assert.equal(k.length(good), 4n);
    });
  });

  it('links to a guest that imports every function of extism:host/env', async () => {
    const guest = await wat(`(module
      (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
      (import "extism:host/env" "free" (func $free (param i64)))
      (import "extism:host/env" "length" (func (param i64) (result i64)))
      (import "extism:host/env" "length_unsafe" (func (param i64) (result i64)))
      (import "extism:host/env" "load_u8" (func (param i64) (result i32)))
      (import "extism:host/env" "load_u64" (func $load (param i64) (result i64)))
      (import "extism:host/env" "store_u8" (func (param i64 i32)))
      (import "extism:host/env" "store_u64" (func $store (param i64 i64)))
      (import "extism:host/env" "input_offset" (func (result i64)))
      (import "extism:host/env" "input_length" (func (result i64)))
      (import "extism:host/env" "input_load_u8" (func (param i64) (result i32)))
      (import "extism:host/env" "input_load_u64" (func $input (param i64) (result i64)))
      (import "extism:host/env" "input_set" (func (param i64 i64)))
      (import "extism:host/env" "output_set" (func $output (param i64 i64)))
      (import "extism:host/env" "output_offset" (func (result i64)))
      (import "extism:host/env" "output_length" (func (result i64)))
      (import "extism:host/env" "error_set" (func (param i64)))
      (import "extism:host/env" "error_get" (func (result i64)))
      (import "extism:host/env" "config_get" (func (param i64) (result i64)))
      (import "extism:host/env" "var_get" (func (param i64) (result i64)))
      (import "extism:host/env" "var_set" (func (param i64 i64)))
      (import "extism:host/env" "http_request" (func (param i64 i64) (result i64)))
      (import "extism:host/env" "http_status_code" (func (result i32)))
      (import "extism:host/env" "http_headers" (func (result i64)))
      (import "extism:host/env" "log_trace" (func (param i64)))
      (import "extism:host/env" "log_debug" (func (param i64)))
      (import "extism:host/env" "log_info" (func (param i64)))
      (import "extism:host/env" "log_warn" (func (param i64)))
      (import "extism:host/env" "log_error" (func (param i64)))
      (import "extism:host/env" "get_log_level" (func (result i32)))
      (import "extism:host/env" "reset" (func))
      (import "extism:host/env" "memory_bytes" (func (result i64)))
      (func (export "echo8") (local $p i64)
        (local.set $p (call $alloc (i64.const 8)))
        (call $store (local.get $p) (call $input (i64.const 0)))
        (call $output (local.get $p) (i64.const 8))
        (call $free (local.get $p))))`);
    const { instance } = await WebAssembly.instantiate(guest, {
      'extism:host/env': host.instance.exports,
    });
    k.input_set(host.put('12345678'), 8n);
    (instance.exports.echo8 as () => void)();
    assert.equal(host.text(k.output_ptr(), k.output_len()), '12345678');
  });
});
