// What a guest lacked in the kernel's memory, and what that cost it.

import { ClocheError } from '../../src/errors.ts';
import type { ModuleLimits } from '../../src/runtime/wire/protocol.ts';
import { type Ending, shortageOf } from '../failures.ts';
import type { RefusedGrowth } from '../refused-growth.ts';
import type { Kernel } from './kernel/kernel.ts';

/** Where something failed, and what it may have lacked there. */
export interface Scene {
  readonly kernel: Kernel;
  readonly growth: RefusedGrowth;
  readonly limits: ModuleLimits;
  readonly exchangeBytes: number;
}

/**
 * What a guest lost by going on with a block that it was refused, which it must not: by then its output, or what it
 * wanted stored or sent, is not what it meant. Undefined where it lost nothing.
 */
export function lossOf(scene: Scene): ClocheError | undefined {
  const { lost } = scene.kernel;
  if (lost === undefined) return undefined;
  const [code, what] =
    lost === 'output'
      ? (['OUTPUT_TOO_LARGE', 'the output did not fit'] as const)
      : (['OUT_OF_MEMORY', 'what the plugin wanted to hand over did not fit, and was not used'] as const);
  return new ClocheError(code, `${what}: ${exchangeShortage(scene)}`);
}

export function endingOf({ kernel, growth, limits, exchangeBytes }: Scene): Ending {
  return {
    said: kernel.errorText(),
    insteadOfThrowing: 'use `error_set`',
    refusal:
      growth.refusal(limits) ?? (kernel.refusedBytes > 0 ? exchangeShortage({ kernel, exchangeBytes }) : undefined),
  };
}

/** What a guest that ended too soon ended for, where that was memory: it went on with what it was refused, or gave up. */
export function memoryFailureOf(thrown: unknown, scene: Scene): ClocheError | undefined {
  return lossOf(scene) ?? shortageOf(thrown, endingOf(scene));
}

function exchangeShortage({ kernel, exchangeBytes }: Pick<Scene, 'kernel' | 'exchangeBytes'>): string {
  return (
    `${kernel.refusedBytes} bytes were refused, since input, output and what host calls carry share the ` +
    `${exchangeBytes} bytes of \`exchangeBytes\``
  );
}
