// The signature of a module, in the module.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { splitSignature, withSignature } from '../../../src/trust/signed-module.ts';

const bytes = (...parts: (number | string)[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...new TextEncoder().encode(part)])));
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const named = (name: string, content = ''): Uint8Array<ArrayBuffer> =>
  bytes(0, 1 + name.length + content.length, name.length, name, content);
const module = (...sections: Uint8Array[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array([...HEADER, ...sections.flatMap((section) => [...section])]);
const SIGNATURE = bytes('{"version":1}');

describe('the signature of a module', () => {
  for (const [what, unsigned] of Object.entries({
    'that is empty': module(),
    'with sections': module(named('name', 'abc'), named('producers', 'x')),
    'with a section of another name that long': module(named('cloche-signature', 'x')),
  })) {
    it(`is found where it was put, in one ${what}`, () => {
      const signed = withSignature(unsigned, SIGNATURE);
      assert.ok(WebAssembly.validate(signed));
      assert.deepEqual(splitSignature(signed), { bytes: unsigned, signature: SIGNATURE });
      assert.deepEqual(splitSignature(unsigned), { bytes: unsigned, signature: undefined });
    });
  }

  it('may be of any length', () => {
    for (const length of [0, 110, 111, 4_096, 20_000]) {
      const signature = new Uint8Array(length).fill(7);
      assert.deepEqual(splitSignature(withSignature(module(), signature)), { bytes: module(), signature });
    }
  });

  it('is a copy, as is the module: neither takes the other along into storage', () => {
    const split = splitSignature(withSignature(module(), SIGNATURE));
    assert.equal(split.bytes.buffer.byteLength, 8);
    assert.equal(split.signature?.buffer.byteLength, SIGNATURE.length);
  });

  for (const [what, rest] of Object.entries({
    'a section after it': named('name', 'x'),
    'a second one': named('cloche.signature', 'x'),
    'a byte after it': bytes(0),
  })) {
    it(`X10: cannot be one of the whole module with ${what}`, () => {
      const signed = new Uint8Array([...withSignature(module(), SIGNATURE), ...rest]);
      assert.deepEqual(splitSignature(signed), { bytes: signed, signature: new Uint8Array() });
    });
  }

  for (const [what, section] of Object.entries({
    'a section that goes on beyond the end': bytes(0, 100, 16, 'cloche.signature'),
    'a size that never ends': bytes(0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
    'a size of 4 GiB': bytes(0, 0xff, 0xff, 0xff, 0xff, 0x0f, 16, 'cloche.signature'),
    'no size at all': bytes(0),
  })) {
    it(`X10: is not there in what ends with ${what}`, () => {
      assert.equal(splitSignature(module(section)).signature, undefined);
    });
  }
});
