import { assert } from 'chai';
import { createHost, type Host } from '../../src/index.ts';
import { wat } from '../helpers/wat.ts';

describe('a plugin in its sandbox', () => {
  let host: Host;
  before(async () => {
    host = await createHost({ storage: `test-${crypto.randomUUID()}` });
  });
  after(() => host.close());

  it('echoes its input', async () => {
    const plugin = await host.open(
      await wat(`(module
        (import "extism:host/env" "input_offset" (func $in (result i64)))
        (import "extism:host/env" "input_length" (func $len (result i64)))
        (import "extism:host/env" "output_set" (func $out (param i64 i64)))
        (func (export "echo") (result i32) (call $out (call $in) (call $len)) (i32.const 0)))`),
      { id: 'echo' },
    );
    const output = await plugin.call('echo', 'hello');
    assert.equal(output.text(), 'hello');
    assert.equal(plugin.state, 'running');
  });
});
