// Host functions of capabilities as imports: copies arguments out of Extism memory, and answers into it.

import type { FunctionShape, ValueShape, WireValue } from '../../src/runtime/wire/protocol.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { ImportObject, LinkContext } from './link-context.ts';
import { ENV } from './namespaces.ts';

type Raw = number | bigint;

/** The imports of all namespaces but the kernel's, made only for functions that some module imports. */
export function userImports(context: LinkContext, kernel: () => Kernel): ImportObject {
  const namespaces: ImportObject = Object.create(null);
  context.functions.forEach((shape, index) => {
    if (shape.namespace === ENV || !context.imports.has(shape.namespace, shape.name)) return;
    namespaces[shape.namespace] = {
      ...namespaces[shape.namespace],
      [shape.name]: context.hostCalls.bind(
        index,
        (raw: Raw[]) => shape.params.map((param, i) => argument(kernel(), shape, param, raw[i] as Raw)),
        ([value]) => result(kernel(), shape, value ?? null),
      ),
    };
  });
  return namespaces;
}

function argument(kernel: Kernel, { lenient }: FunctionShape, shape: ValueShape, raw: Raw): WireValue {
  if (!isBlock(shape)) return raw;
  const offset = raw as bigint;
  kernel.requireBlock(offset);
  return lenient && !kernel.has(offset) ? offset : kernel.block(offset);
}

function result(kernel: Kernel, { result: shape }: FunctionShape, value: WireValue): Raw | undefined {
  if (shape === null) return undefined;
  if (isBlock(shape)) return BigInt(value instanceof Uint8Array ? kernel.store(value) : 0);
  if (shape === 'i64') return typeof value === 'bigint' ? value : 0n;
  return typeof value === 'number' ? value : 0;
}

/** Whether a shape travels as the offset of a block. */
export function isBlock(shape: ValueShape): boolean {
  return shape === 'bytes' || shape === 'text' || shape === 'json';
}
