import { assert } from 'chai';
import { sourceOf } from '../../demo/playground/sources.ts';
import { DEFAULT_DIALECTS } from '../../src/dialects/index.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { readPackage } from '../../src/package/read-package.ts';
import { rejectsCode } from '../helpers/expect-code.ts';

const wasm = new File([new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])], 'plugin.wasm');
const json = (text: string) => new File([text], 'manifest.json');
const read = async (...files: File[]) =>
  readPackage((await sourceOf(files)) as Parameters<typeof readPackage>[0], {
    dialects: DEFAULT_DIALECTS,
    limits: DEFAULT_LIMITS,
  });

describe('files that are dropped on the playground', () => {
  it('are one plugin, when they are a module and its manifest', async () => {
    const { manifest } = await read(json('{"cloche":1,"id":"own"}'), wasm);
    assert.deepEqual([manifest.dialect, manifest.id], ['cloche', 'own']);
  });

  it('are read as files of their dialect, not as what a page has written', async () => {
    assert.equal((await read(wasm, json('{"name":"demo"}'))).manifest.dialect, 'windshift');
    assert.equal((await read(wasm, json('// x\n{"wasm":"a.m.wasm",}'))).manifest.dialect, 'nev');
    await rejectsCode('MANIFEST_INVALID', read(wasm, json('{"cloche":1,')), /not valid JSON/);
  });

  it('are refused when they are anything else', async () => {
    await rejectsCode('SOURCE_INVALID', sourceOf([wasm, wasm]), /got 2 files/);
    await rejectsCode('SOURCE_INVALID', read(wasm, json('hello')), /`manifest` to be an object or JSON text/);
  });
});
