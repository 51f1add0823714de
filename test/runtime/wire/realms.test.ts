// Values of messages that were read in the realm of a frame, as those of a compartment's workers are.

import { assert } from 'chai';
import { wireValues } from '../../../src/runtime/wire/message-filter.ts';
import { MalformedAnswer, readCallAnswer, readStartAnswer } from '../../../src/runtime/wire/read-answers.ts';

const CAP = 1 << 20;
const USE = '{ memoryBytes: 0, exchangeBytes: 0, varBytes: 0 }';

let frame: HTMLIFrameElement;

beforeEach(async () => {
  frame = document.createElement('iframe');
  document.body.append(frame);
});

afterEach(() => frame.remove());

/** What a script says in the other realm. */
function there<T>(script: string): T {
  return (frame.contentWindow as unknown as { eval(text: string): T }).eval(script);
}

const call = { export: 'f', input: new Uint8Array() };

describe('values of another realm', () => {
  it('become values of this one', () => {
    const bytes = there<Uint8Array>('globalThis.bytes = new Uint8Array([1, 2, 3])');
    assert.notInstanceOf(bytes, Uint8Array);
    const [value, ...rest] = wireValues(there('[bytes, 1, 2n, null]'), CAP) ?? [];
    assert.instanceOf(value, Uint8Array);
    assert.instanceOf((value as Uint8Array).buffer, ArrayBuffer);
    assert.deepEqual([...(value as Uint8Array)], [1, 2, 3]);
    assert.deepEqual(rest, [1, 2n, null]);
  });

  it('are handed over where they are large', () => {
    const bytes = there<Uint8Array>('globalThis.bytes = new Uint8Array(5_000).fill(7)');
    const [value] = wireValues(there('[bytes]'), CAP) ?? [];
    assert.deepEqual([...(value as Uint8Array)], new Array(5_000).fill(7));
    assert.lengthOf(bytes, 0);
  });

  it('may be two views of one buffer', () => {
    const values = wireValues(
      there('const { buffer } = new Uint8Array([1, 2, 3]); [new Uint8Array(buffer, 0, 1), new Uint8Array(buffer, 1)]'),
      CAP,
    );
    assert.deepEqual(
      values?.map((value) => [...(value as Uint8Array)]),
      [[1], [2, 3]],
    );
  });

  it('H19: are what the engine says, whatever their prototypes say', () => {
    there(`
      const typed = Object.getPrototypeOf(Uint8Array.prototype);
      for (const key of ['buffer', 'byteLength', 'byteOffset', 'length', Symbol.toStringTag, Symbol.iterator]) {
        Object.defineProperty(typed, key, { get() { throw new Error('asked') } });
      }
      for (const key of ['transfer', 'transferToFixedLength', 'slice', 'byteLength', 'constructor']) {
        Object.defineProperty(ArrayBuffer.prototype, key, { get() { throw new Error('asked') } });
      }
    `);
    const [value] = wireValues(there('[new Uint8Array([1, 2, 3])]'), CAP) ?? [];
    assert.deepEqual([...(value as Uint8Array)], [1, 2, 3]);
    for (const disguised of [
      "Object.defineProperty(new Int8Array(3), Symbol.toStringTag, { value: 'Uint8Array' })",
      'Object.create(Uint8Array.prototype)',
      'new DataView(new ArrayBuffer(3))',
      'Object.setPrototypeOf(new Float64Array(1), Uint8Array.prototype)',
    ]) {
      assert.isUndefined(wireValues([there(disguised)], CAP), disguised);
    }
  });

  it('H19: count by the buffer that came with them, at once', () => {
    assert.isUndefined(wireValues(there(`[new Uint8Array(new ArrayBuffer(${CAP + 1}), 0, 1)]`), CAP));
    assert.isUndefined(wireValues(there(`[new Uint8Array(${CAP}), new Uint8Array(1)]`), CAP));
  });

  it('are answers of calls and of starts', () => {
    const answer = readCallAnswer(
      there(`({ ok: true, output: new Uint8Array([7]), use: ${USE}, instanceEnded: false })`),
      call,
      CAP,
    );
    assert.deepInclude(answer, { ok: true, output: new Uint8Array([7]) });
    const facts = "{ name: 'main', imports: [{ module: 'a', name: 'b', kind: 'function', type: '' }], exports: [] }";
    const started = readStartAnswer(there(`({ ok: true, modules: [${facts}], use: ${USE} })`));
    assert.isTrue(started.ok);
    const modules = started.ok ? started.modules : [];
    for (const list of [modules, modules[0]?.imports, modules[0]?.exports]) assert.instanceOf(list, Array);
  });

  it('H19: have no holes', () => {
    const sparse = `({ ok: true, modules: Object.assign([], { length: 3 }), use: ${USE} })`;
    assert.throws(() => readStartAnswer(there(sparse)), MalformedAnswer);
  });
});
