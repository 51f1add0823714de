// Text of WebAssembly as the source of a plugin, assembled in the page.

import { assert } from 'chai';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';
import { makeZip } from '../package/zip-maker.ts';

after(closeHosts);

const ANSWER = `;; gives 0, which is success
(module (; as text ;)
  (func (export "answer") (result i32)
    (i32.const 0)))`;

const NEV_GUEST = `(module
  (memory (export "memory") 1)
  (func (export "init_plugin"))
  (func (export "handle_command") (param i32 i32 i32 i32) (result i32) (i32.const 0)))`;

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

describe('text of WebAssembly', () => {
  it('is a plugin as its module would be, alone and with a manifest beside it', async () => {
    const host = await makeHost();
    const alone = await host.open(bytes(ANSWER), { id: 'alone' });
    assert.equal((await alone.call('answer')).text(), '');
    assert.equal(alone.manifest.dialect, 'extism');
    const beside = await host.open({ wasm: bytes(ANSWER), manifest: { cloche: 1, id: 'beside' } });
    assert.equal((await beside.call('answer')).text(), '');
  });

  it('is a plugin of Nev where it imports what such plugins do, alone and with a manifest beside it', async () => {
    const host = await makeHost();
    const text = bytes(
      NEV_GUEST.replace('(module', '(module (import "nev:plugins/core" "api-version" (func (result i32)))'),
    );
    const alone = await host.open(new File([text], 'alone.wat'));
    const beside = await host.open({ wasm: text, manifest: '{ "wasm": "beside.wat" }' }, { id: 'beside' });
    assert.deepEqual([alone.manifest.dialect, beside.manifest.dialect], ['nev', 'nev']);
  });

  it('is the module that a Nev manifest names, without `(module` as well', async () => {
    const host = await makeHost();
    const text = NEV_GUEST.replace('(module', '').replace(/\)$/, '');
    const files = [
      { name: 'example/manifest.json', data: bytes('{ "wasm": "example.wat" }') },
      { name: 'example/example.wat', data: bytes(text) },
    ];
    const plugin = await host.open(makeZip(files));
    assert.deepEqual([plugin.id, plugin.manifest.dialect, plugin.state], ['example', 'nev', 'running']);
  });

  const mistakes: readonly [what: string, text: string, message: RegExp][] = [
    ['a word that is none', '(module\n  (func\n    (i32.nonsense)))', /line 3, column 6: .*: `\(i32\.nonsense\)\)\)`$/],
    ['a type that is another', '(module (func (result i32)\n  (i64.const 1)))', /line \d, column \d+: type mismatch/],
    [
      'a name that nothing has',
      '(module\n  (func (call $none)))',
      /line 2, column 15: .*\$none.*: `\(func \(call \$none\)\)\)`$/,
    ],
    ['an end that is missing', '(module (func', /line 1, column \d+: /],
    ['nesting without end', `(module (func ${'(block '.repeat(200_000)}`, /cannot be assembled/],
    ['a line that would hide something', '(module\n (func \u202e(nop) ))', /line 2, .*\\u202e/],
  ];
  for (const [what, text, message] of mistakes) {
    it(`with ${what} is refused, with its line, the number of that and the column`, async () => {
      const host = await makeHost();
      await rejectsCode('MODULE_REJECTED', host.open(bytes(text)), message);
    });
  }

  it('M22: is refused over its own cap, before anything reads it', async () => {
    const host = await makeHost();
    const long = bytes(`(module) ;;${'x'.repeat(4 << 20)}`);
    await rejectsCode('PACKAGE_REJECTED', host.open(long), /text of more than 4194304 bytes/);
  });

  it('is refused where its module is larger than a module may be', async () => {
    const host = await makeHost({ limits: { moduleBytes: 1_000 } });
    const text = `(module (memory 1) (data (i32.const 0) "${'\\00'.repeat(1_000)}"))`;
    await rejectsCode('PACKAGE_REJECTED', host.open(bytes(text)), /larger than 1000 bytes, assembled/);
  });
});
