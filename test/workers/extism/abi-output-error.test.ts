// What a call amounts to: output, error text, return code, trap, and what of it the next call sees.

import { assert } from 'chai';
import { ClocheError, defineCapability, type Host, type Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { abiGuest, data, exported, imports, openAbi } from './abi-guest.ts';

const TEXTS = data({ 0: '0123456789', 16: 'an error: \\c3\\bc', 32: '\\ff\\fe bad' });
const DIGITS = '(local.set $p (call $text (i32.const 0) (i32.const 10)))';
const ERROR = '(call $error_set (call $text (i32.const 16) (i32.const 12)))';
const OTHERS = Array(20).fill('(drop (call $text (i32.const 0) (i32.const 9)))').join('');

async function failureOf(plugin: Plugin, name = 'run', input: unknown = ''): Promise<ClocheError> {
  try {
    await plugin.call(name, input);
  } catch (thrown) {
    if (thrown instanceof ClocheError) return thrown;
    throw thrown;
  }
  return assert.fail(`expected \`${name}\` to fail`);
}

describe('the outcome of a call', () => {
  let host: Host;
  before(async () => {
    host = await makeHost();
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  const open = (body: string) => openAbi(host, TEXTS + body);

  describe('output', () => {
    const CASES: readonly [name: string, code: string, output: string][] = [
      ['is empty when none is set', '', ''],
      ['EX17: is shorter than its block', `${DIGITS} (call $output_set (local.get $p) (i64.const 4))`, '0123'],
      [
        'EX17: starts inside its block',
        `${DIGITS} (call $output_set (i64.add (local.get $p) (i64.const 2)) (i64.const 5))`,
        '23456',
      ],
      [
        'EX18: is kept when its block is freed afterwards',
        `${DIGITS} (call $out (local.get $p)) (call $free (local.get $p)) ${OTHERS}`,
        '0123456789',
      ],
      ['EX19: is nothing after output_set(0, 0)', '(call $output_set (i64.const 0) (i64.const 0))', ''],
      [
        'EX19: stays what it was after output_set(0, 0)',
        `${DIGITS} (call $out (local.get $p)) (call $output_set (i64.const 0) (i64.const 0))`,
        '0123456789',
      ],
      [
        'EX19: is empty after output_set(p, 0)',
        `${DIGITS} (call $out (local.get $p)) (call $output_set (local.get $p) (i64.const 0))`,
        '',
      ],
      [
        'is what was set last',
        `${DIGITS} (call $out (local.get $p)) (call $output_set (local.get $p) (i64.const 1))`,
        '0',
      ],
      ['can be the input', '(call $output_set (call $input_offset) (call $input_length))', 'the input'],
      [
        'EX21: is returned once the error was cleared',
        `${ERROR} (call $error_set (i64.const 0)) ${DIGITS} (call $out (local.get $p))`,
        '0123456789',
      ],
      [
        'is returned when the error is an empty text',
        `(call $error_set (call $alloc (i64.const 0))) ${DIGITS} (call $out (local.get $p))`,
        '0123456789',
      ],
    ];
    for (const [name, code, output] of CASES) {
      it(name, async () => {
        assert.equal((await (await open(exported('run', code))).call('run', 'the input')).text(), output);
      });
    }

    it('is returned by an export without a result', async () => {
      const plugin = await open(`(func (export "run") (call $out (call $text (i32.const 0) (i32.const 3))))`);
      assert.equal((await plugin.call('run')).text(), '012');
    });

    it('EX23: is each call’s own when several are started at once', async () => {
      const plugin = await open(exported('run', '(call $output_set (call $input_offset) (call $input_length))'));
      const inputs = Array.from({ length: 20 }, (_, i) => `input ${i}`);
      const outputs = await Promise.all(inputs.map((input) => plugin.call('run', input)));
      assert.deepEqual(
        outputs.map((output) => output.text()),
        inputs,
      );
    });
  });

  describe('error', () => {
    interface Expected {
      readonly exitCode: number | undefined;
      readonly detail: string | undefined;
    }
    const CASES: readonly [name: string, code: string, result: string, Expected][] = [
      ['EX22: is a return code other than 0', '', '3', { exitCode: 3, detail: undefined }],
      ['EX22: is a negative return code', '', '-1', { exitCode: -1, detail: undefined }],
      ['is the text of error_set with a return code', ERROR, '1', { exitCode: 1, detail: 'an error: ü' }],
      ['is the text of error_set also with a return code of 0', ERROR, '0', { exitCode: 0, detail: 'an error: ü' }],
      [
        'EX20: keeps its text when the block is freed afterwards',
        `(local.set $p (call $text (i32.const 16) (i32.const 12))) (call $error_set (local.get $p)) (call $free (local.get $p)) ${OTHERS}`,
        '1',
        { exitCode: 1, detail: 'an error: ü' },
      ],
      [
        'EX21: has no text any more after error_set(0)',
        `${ERROR} (call $error_set (i64.const 0))`,
        '2',
        { exitCode: 2, detail: undefined },
      ],
      [
        'shows what is not UTF-8 as U+FFFD',
        '(call $error_set (call $text (i32.const 32) (i32.const 6)))',
        '1',
        { exitCode: 1, detail: '\ufffd\ufffd bad' },
      ],
    ];
    for (const [name, code, result, expected] of CASES) {
      it(name, async () => {
        const plugin = await open(
          `(func (export "run") (result i32) (local $p i64) ${code} (i32.const ${result}))
           ${exported('after', `${DIGITS} (call $out (local.get $p))`)}`,
        );
        const { code: kind, exitCode, detail } = await failureOf(plugin);
        assert.deepEqual({ kind, exitCode, detail }, { kind: 'PLUGIN_ERROR', ...expected });
        assert.equal((await plugin.call('after')).text(), '0123456789');
      });
    }

    it('of a trap has the text of error_set as its detail', async () => {
      const { code, detail, message } = await failureOf(await open(exported('run', `${ERROR} unreachable`)));
      assert.deepEqual([code, detail], ['TRAP', 'an error: ü']);
      assert.include(message, 'an error: ü');
    });

    it('is gone at the next call', async () => {
      const plugin = await open(`${exported('bad', ERROR)} ${exported('good', '')}`);
      await rejectsCode('PLUGIN_ERROR', plugin.call('bad'));
      assert.equal((await plugin.call('good')).text(), '');
    });
  });

  describe('state', () => {
    const COUNTER = `(global $n (mut i64) (i64.const 0))
      ${exported('count', '(global.set $n (i64.add (global.get $n) (i64.const 1))) (call $note (global.get $n)) (call $notes)')}
      (func (export "trap") unreachable)
      (func (export "fail") (result i32) (i32.const 1))`;
    const count = async (plugin: Plugin) => (await plugin.call('count')).bytes()[0];

    it('is kept between calls, also after a failed one', async () => {
      const plugin = await open(COUNTER);
      await count(plugin);
      await rejectsCode('PLUGIN_ERROR', plugin.call('fail'));
      assert.equal(await count(plugin), 2);
    });

    it('EX27: is fresh after a trap', async () => {
      const plugin = await open(COUNTER);
      await count(plugin);
      await rejectsCode('TRAP', plugin.call('trap'));
      assert.equal(await count(plugin), 1);
    });

    it('EX25: is kept after a call of a function that is missing', async () => {
      const plugin = await open(COUNTER);
      await count(plugin);
      await rejectsCode('EXPORT_MISSING', plugin.call('missing'), /missing/);
      assert.equal(await count(plugin), 2);
      assert.equal(plugin.state, 'running');
    });

    it('EX26: is kept when a host function throws, and the next call returns', async () => {
      const fails = defineCapability({
        name: 'fails',
        functions: {
          boom: {
            params: [],
            call: () => {
              throw new Error('boom');
            },
          },
        },
      });
      const capable = await makeHost({ capabilities: [fails] });
      // Where an engine cannot wait, the call fails before it reaches the page; the plugin lives on all the same.
      const plugin = await openAbi(
        capable,
        `${COUNTER} ${exported('run', '(call $boom)')}`,
        { grant: 'all' },
        imports('extism:host/user', 'boom:'),
      );
      await count(plugin);
      const { code } = await failureOf(plugin);
      assert.include(['HOST_FUNCTION_FAILED', 'HOST_CALLS_UNAVAILABLE'], code);
      assert.isAtLeast((await count(plugin)) ?? 0, 1);
    });
  });

  it('EX24: an export with two results, with parameters or with another result is refused', async () => {
    const plugin = await host.open(
      await abiGuest(`
        (func (export "two") (result i32 i32) (i32.const 0) (i32.const 0))
        (func (export "takes") (param i32) (result i32) (i32.const 0))
        (func (export "long") (result i64) (i64.const 0))
        (func (export "float") (result f32) (f32.const 0))
        (func (export "fine") (result i32) (i32.const 0))
        (func (export "void"))
        (global (export "global") i32 (i32.const 0))`),
      { id: 'results' },
    );
    for (const name of ['two', 'takes', 'long', 'float', 'global', 'memory']) {
      await rejectsCode('EXPORT_INVALID', plugin.call(name));
    }
    const callable = (await plugin.exports()).filter((entry) => entry.callable).map(({ name }) => name);
    assert.deepEqual(callable, ['fine', 'void']);
  });

  it('a plugin that imports nothing takes calls, and has an empty output', async () => {
    const plugin = await host.open(
      new Uint8Array([
        0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 114, 117, 110, 0, 0, 10, 6, 1, 4,
        0, 65, 0, 11,
      ]),
      { id: 'bare' },
    );
    assert.equal((await plugin.call('run', 'some input')).bytes().length, 0);
  });
});
