import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { largeModule, largeScript } from '../../../bench/large-module.ts';

describe('the large plugin', () => {
  it('is a module of about the size that was asked for, and answers', async () => {
    const bytes = largeModule(1_900_000);
    assert.ok(Math.abs(bytes.length - 1_900_000) < 50_000, String(bytes.length));
    const { instance } = await WebAssembly.instantiate(bytes);
    assert.equal((instance.exports.none as () => number)(), 0);
  });

  it('is as much JavaScript', () => {
    const text = largeScript(1_900_000);
    assert.ok(Math.abs(text.length - 1_900_000) < 50_000, String(text.length));
    assert.equal(new Function(`${text.slice(0, text.indexOf('}\n') + 1)} return none();`)(), 0);
  });
});
