import { assert } from 'chai';
import kernelBytes from '../../../workers/extism/kernel/kernel.wat';
import { KernelMemory } from '../../../workers/extism/kernel/kernel-memory.ts';
import type { KernelExports } from './kernel-host.ts';

async function newKernel(memory: KernelMemory, exchangeBytes: number): Promise<KernelExports> {
  const { exports } = await memory.newKernel(exchangeBytes, await nothing());
  return exports as unknown as KernelExports;
}

async function nothing(): Promise<Record<string, () => number>> {
  const wanted = WebAssembly.Module.imports(await WebAssembly.compile(kernelBytes));
  return Object.fromEntries(wanted.filter(({ kind }) => kind === 'function').map(({ name }) => [name, () => 0]));
}

describe('the memory of kernels', () => {
  it('goes from one kernel to the next, with nothing of the last one in it', async () => {
    const memory = new KernelMemory();
    const first = await newKernel(memory, 131_072);
    const block = first.alloc(100_000n);
    for (let i = 0n; i < 100_000n; i += 8n) first.store_u64(block + i, -1n);
    const next = await newKernel(memory, 131_072);
    assert.equal(next.memory, first.memory);
    assert.isTrue(new Uint8Array(next.memory.buffer).every((byte) => byte === 0));
    assert.equal(next.length(block), 0n);
  });

  it('ends at `exchangeBytes`, and at another one it is another', async () => {
    const memory = new KernelMemory();
    const small = await newKernel(memory, 65_536);
    assert.equal(small.alloc(131_072n), 0n);
    assert.isAbove(Number(small.alloc(65_536n)), 0);
    const large = await newKernel(memory, 262_144);
    assert.notEqual(large.memory, small.memory);
    assert.isAbove(Number(large.alloc(131_072n)), 0);
  });
});
