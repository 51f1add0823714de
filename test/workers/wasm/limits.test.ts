import { AssertionError, assert } from 'chai';
import { ClocheError } from '../../../src/errors.ts';
import { rewriteModule } from '../../../workers/wasm/limits.ts';
import { wat } from '../../helpers/wat.ts';

const LIMITS = { memoryPages: 4, growthPages: 65_535, tableElements: 10 };

const GROW_MEMORY = `(func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))`;
const growTable = (index: number, element: string) => `
  (func (export "grow") (param i32) (result i32)
    (table.grow ${index} (ref.null ${element}) (local.get 0)))`;

async function started(text: string, imports: WebAssembly.Imports = {}) {
  const { bytes } = rewriteModule(await wat(text), { limits: LIMITS });
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  return instance.exports as { grow(by: number): number; memory: WebAssembly.Memory };
}

async function refusal(text: string): Promise<string> {
  const bytes = await wat(text);
  try {
    rewriteModule(bytes, { limits: LIMITS });
  } catch (error) {
    assert.instanceOf(error, ClocheError);
    assert.equal(error.code, 'MODULE_REJECTED');
    assert.match(error.message, /\(byte \d+ of the module\)$/);
    return error.message;
  }
  throw new AssertionError('Expected MODULE_REJECTED');
}

describe('wasm limits', () => {
  describe('M1: memory', () => {
    const cases: [string, string, number][] = [
      ['without a maximum', '(memory 1)', 3],
      ['with a higher maximum', '(memory 1 65536)', 3],
      ['with a maximum at the cap', '(memory 1 4)', 3],
      ['with a lower maximum', '(memory 1 2)', 1],
      ['of no pages', '(memory 0)', 4],
      ['at the cap from the start', '(memory 4)', 0],
      ['whose numbers take more bytes', '(memory 3 300)', 1],
    ];
    for (const [name, memory, room] of cases) {
      it(`grows by ${room} and then answers -1: ${name}`, async () => {
        const { grow } = await started(`(module ${memory} ${GROW_MEMORY})`);
        assert.equal(grow(room + 1), -1);
        assert.notEqual(grow(room), -1);
        assert.equal(grow(1), -1);
        assert.equal(grow(65_536), -1);
      });
    }

    it('grows by no more than its budget of growth, whatever it starts with', async () => {
      const bytes = await wat(`(module (memory 2) ${GROW_MEMORY})`);
      const limited = rewriteModule(bytes, { limits: { ...LIMITS, growthPages: 1 } });
      const { instance } = await WebAssembly.instantiate(limited.bytes);
      const { grow } = instance.exports as { grow(by: number): number };
      assert.equal(grow(2), -1);
      assert.equal(grow(1), 2);
      assert.equal(grow(1), -1);
    });

    it('refuses one that starts above the cap, naming both sizes and the option', async () => {
      const message = await refusal('(module (memory 5))');
      assert.match(message, /5 pages.*limit of 4.*memoryBytes/);
      assert.match(await refusal('(module (import "a" "m" (memory 5)))'), /imports a memory of 5/);
    });
  });

  describe('M2: tables', () => {
    const cases: [string, string, number, string, number][] = [
      ['without a maximum', '(table 1 funcref)', 0, 'func', 9],
      ['of externref', '(table 1 externref)', 0, 'extern', 9],
      ['with a higher maximum', '(table 2 1000000 externref)', 0, 'extern', 8],
      ['with a lower maximum', '(table 2 5 funcref)', 0, 'func', 3],
      ['that is the third one', '(table 1 1 funcref) (table 3 externref) (table 1 funcref)', 2, 'func', 9],
    ];
    for (const [name, tables, index, element, room] of cases) {
      it(`grows by ${room} and then answers -1: ${name}`, async () => {
        const { grow } = await started(`(module ${tables} ${growTable(index, element)})`);
        assert.equal(grow(room + 1), -1);
        assert.notEqual(grow(room), -1);
        assert.equal(grow(1), -1);
      });
    }

    it('refuses one that starts above the cap', async () => {
      assert.match(await refusal('(module (table 11 funcref))'), /11 elements.*10.*tableElements/);
    });

    it('refuses more tables than 16, imported ones counted', async () => {
      const tables = (n: number) => '(table 0 funcref)'.repeat(n);
      rewriteModule(await wat(`(module ${tables(16)})`), { limits: LIMITS });
      assert.match(await refusal(`(module ${tables(17)})`), /no more tables than 16, got 17/);
      const imported = '(import "a" "t" (table 0 funcref))';
      assert.match(await refusal(`(module ${imported} ${tables(16)})`), /than 16, got 17/);
    });

    it('caps tables of typed references and with initial values', () => {
      // (type (func)) (table 2 (ref null 0) (ref.null 0)) (table 1 (ref null func)): bytes, since
      // assemblers write the short form where there is one.
      const bytes = moduleOf([1, 1, 0x60, 0, 0], [4, 2, 0x40, 0, 0x63, 0, 0x00, 2, 0xd0, 0, 0x0b, 0x63, 0x70, 0x00, 1]);
      const limited = moduleOf(
        [1, 1, 0x60, 0, 0],
        [4, 2, 0x40, 0, 0x63, 0, 0x01, 2, 10, 0xd0, 0, 0x0b, 0x63, 0x70, 0x01, 1, 10],
      );
      assert.deepEqual(rewriteModule(bytes, { limits: LIMITS }).bytes, limited);
      assert.equal(WebAssembly.validate(limited), WebAssembly.validate(bytes));
    });
  });

  describe('M2: what cannot be capped is refused', () => {
    const cases: [string, string, RegExp][] = [
      ['two memories', '(memory 1) (memory 1)', /no more memories than 1, got 2/],
      ['an imported and an own memory', '(import "a" "m" (memory 1)) (memory 1)', /than 1, got 2/],
      ['memory64', '(memory i64 1)', /memory64/],
      ['imported memory64', '(import "a" "m" (memory i64 1 2))', /memory64/],
      ['shared memory', '(memory 1 2 shared)', /shared/],
      ['imported shared memory', '(import "a" "m" (memory 1 2 shared))', /shared/],
      ['table64', '(table i64 1 funcref)', /table64/],
    ];
    for (const [name, text, reason] of cases) {
      it(name, async () => assert.match(await refusal(`(module ${text})`), reason));
    }

    it('memory with pages of its own size', () => {
      const bytes = moduleOf([5, 1, 0x08, 1, 0]);
      assert.throws(() => rewriteModule(bytes, { limits: LIMITS }), ClocheError, 'pages of its own size');
    });

    it('memory whose maximum no engine accepts, which lowering would hide', () => {
      const bytes = moduleOf([5, 1, 0x01, 1, 0x81, 0x80, 0x04]);
      assert.isFalse(WebAssembly.validate(bytes));
      assert.throws(() => rewriteModule(bytes, { limits: LIMITS }), ClocheError, '65537');
    });
  });

  describe('linking', () => {
    it('links an importer without a maximum to a limited memory and table', async () => {
      const provider = await started('(module (memory (export "m") 1) (table (export "t") 1 funcref))');
      const { grow } = await started(
        `(module (import "p" "m" (memory 1)) (import "p" "t" (table 1 funcref)) ${GROW_MEMORY})`,
        { p: provider as unknown as WebAssembly.ModuleImports },
      );
      assert.equal(grow(4), -1);
      assert.equal(grow(3), 1);
    });

    it('links an importer whose maximum is above the cap', async () => {
      const provider = await started('(module (memory (export "m") 1 100))');
      const importer = '(module (import "p" "m" (memory 1 100)))';
      await started(importer, { p: provider as unknown as WebAssembly.ModuleImports });
    });
  });

  describe('what stays', () => {
    it('returns the same object when nothing has to change', async () => {
      const bytes = await wat('(module (memory 1 4) (table 1 10 funcref) (func (export "f")))');
      assert.equal(rewriteModule(bytes, { limits: LIMITS }).bytes, bytes);
    });

    it('keeps every other byte, custom sections included', async () => {
      const bytes = await wat(`(module
        (memory 1) (table 2 funcref) (elem (i32.const 0) $f)
        (global (mut f64) (f64.const 1.5))
        (func $f (export "f") (result i32) (i32.load (i32.const 4)))
        (data (i32.const 4) "\\2a\\00\\00\\00"))`);
      const custom = Uint8Array.from([0, 6, 3, 0x61, 0x62, 0x63, 1, 2]);
      const given = Uint8Array.from([...bytes, ...custom]);
      const limited = rewriteModule(given, { limits: LIMITS }).bytes;
      assert.deepEqual(limited.subarray(-custom.length), custom);
      assert.equal(limited.length, given.length + 2);
      const { instance } = await WebAssembly.instantiate(limited);
      assert.equal((instance.exports.f as () => number)(), 42);
    });

    it('does not touch the bytes that it was given', async () => {
      const bytes = await wat('(module (memory 1))');
      const before = bytes.slice();
      rewriteModule(bytes, { limits: LIMITS });
      assert.deepEqual(bytes, before);
    });

    it('copies bytes of shared memory, which could change before they are compiled', async function () {
      if (typeof SharedArrayBuffer === 'undefined') this.skip();
      const bytes = await wat('(module (memory 1 2))');
      const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
      shared.set(bytes);
      assert.instanceOf(rewriteModule(shared, { limits: LIMITS }).bytes.buffer, ArrayBuffer);
    });

    it('takes well under a second for 20 MB of code', () => {
      const functions = 20;
      const body = new Uint8Array(1 << 20).fill(0x01);
      body[0] = 0;
      body[body.length - 1] = 0x0b;
      const bodies = new Uint8Array(1 + functions * (4 + body.length));
      bodies[0] = functions;
      for (let i = 0; i < functions; i += 1) {
        bodies.set(padded(body.length), 1 + i * (4 + body.length));
        bodies.set(body, 1 + i * (4 + body.length) + 4);
      }
      const types = new Array<number>(functions).fill(0);
      const head = moduleOf([1, 1, 0x60, 0, 0], [3, functions, ...types], [5, 1, 0, 1]);
      const bytes = joined(head, [10, ...padded(bodies.length)], bodies);
      const start = performance.now();
      const limited = rewriteModule(bytes, { limits: LIMITS }).bytes;
      const took = performance.now() - start;
      assert.isTrue(WebAssembly.validate(limited));
      assert.equal(limited.length, bytes.length + 1);
      assert.isBelow(took, 1_000);
    });
  });

  describe('names', () => {
    const options = {
      limits: LIMITS,
      renameExports: new Map([
        ['_start', 'cloche:_start'],
        ['_initialize', 'cloche:_initialize'],
      ]),
      renameImportModules: new Map([['wasi_snapshot_preview1', 'cloche:wasi']]),
    };

    it('renames exports and import modules, and tells the original names', async () => {
      const bytes = await wat(`(module
        (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
        (import "other" "wasi_snapshot_preview1" (func (param i32)))
        (memory (export "memory") 1)
        (func (export "_start") (call 0 (i32.const 3)))
        (func (export "_started")))`);
      const rewritten = rewriteModule(bytes, options);
      const module = await WebAssembly.compile(rewritten.bytes);
      assert.deepEqual(
        WebAssembly.Module.imports(module).map((one) => `${one.module} ${one.name}`),
        ['cloche:wasi proc_exit', 'other wasi_snapshot_preview1'],
      );
      assert.deepEqual(
        WebAssembly.Module.exports(module).map(({ name }) => name),
        ['memory', 'cloche:_start', '_started'],
      );
      assert.deepEqual(
        rewritten.facts.exports.map(({ name }) => name),
        ['memory', '_start', '_started'],
      );
      assert.equal(rewritten.facts.imports[0]?.module, 'wasi_snapshot_preview1');
    });

    it('refuses a module that uses the reserved names itself', async () => {
      for (const text of [
        '(func (export "cloche:_start"))',
        '(import "cloche:host" "var_get" (func (param i32 i32) (result i32)))',
        '(import "cloche:wasi" "proc_exit" (func (param i32)))',
      ]) {
        const bytes = await wat(`(module ${text})`);
        assert.throws(() => rewriteModule(bytes, options), ClocheError, 'a reserved name');
        assert.throws(() => rewriteModule(bytes, { limits: LIMITS }), ClocheError, 'a reserved name');
      }
    });
  });

  describe('facts', () => {
    it('lists imports and exports with their types', async () => {
      const bytes = await wat(`(module
        (type $t (func (param i64 i64) (result i64)))
        (import "env" "f" (func (type $t)))
        (import "env" "g" (global (mut i32)))
        (import "env" "t" (table 1 2 externref))
        (memory (export "m") 1)
        (global (export "c") f32 (f32.const 1))
        (export "f" (func 0))
        (func (export "none"))
        (func (export "one") (result i32) (i32.const 0))
        (func (export "long") (result i64) (i64.const 0))
        (func (export "two") (result i32 i32) (i32.const 0) (i32.const 0))
        (func (export "takes") (param i32)))`);
      assert.deepEqual(rewriteModule(bytes, { limits: LIMITS }).facts, {
        imports: [
          { module: 'env', name: 'f', kind: 'function', type: '(i64, i64) -> i64' },
          { module: 'env', name: 'g', kind: 'global', type: 'mut i32' },
          { module: 'env', name: 't', kind: 'table', type: 'externref 1..2' },
        ],
        exports: [
          { name: 'm', kind: 'memory', type: '1..', callable: false },
          { name: 'c', kind: 'global', type: 'f32', callable: false },
          { name: 'f', kind: 'function', type: '(i64, i64) -> i64', callable: false },
          { name: 'none', kind: 'function', type: '() -> ()', callable: true },
          { name: 'one', kind: 'function', type: '() -> i32', callable: true },
          { name: 'long', kind: 'function', type: '() -> i64', callable: false },
          { name: 'two', kind: 'function', type: '() -> (i32, i32)', callable: false },
          { name: 'takes', kind: 'function', type: '(i32) -> ()', callable: false },
        ],
      });
    });

    it('cuts the printed type of a function with hundreds of parameters', async () => {
      const bytes = await wat(`(module (func (export "f") (param ${'i64 '.repeat(900)})))`);
      const type = rewriteModule(bytes, { limits: LIMITS }).facts.exports[0]?.type ?? '';
      assert.match(type, /^\(i64, .*, and 868 more\) -> \(\)$/);
    });
  });
});

/** A module of these sections, each an id and less than 128 bytes of contents. */
function moduleOf(...sections: readonly number[][]): Uint8Array<ArrayBuffer> {
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  for (const [id = 0, ...contents] of sections) bytes.push(id, contents.length, ...contents);
  return Uint8Array.from(bytes);
}

/** LEB128 in four bytes whatever the value, as linkers write sizes. */
function padded(value: number): number[] {
  return [0, 7, 14, 21].map((shift) => ((value >> shift) & 0x7f) | (shift < 21 ? 0x80 : 0));
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
