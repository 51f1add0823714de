import loadWabt from 'wabt';
import { watFeatures } from '../../workers/wat/wat-features.ts';

/** Each call of it sets up a whole compiler, so a file of tests has one. */
let wabt: ReturnType<typeof loadWabt> | undefined;

/** Compiles WAT text in the page, so that a test shows its guest next to its assertion. */
export async function wat(text: string): Promise<Uint8Array<ArrayBuffer>> {
  wabt ??= loadWabt();
  const module = (await wabt).parseWat('inline.wat', text, watFeatures);
  try {
    module.resolveNames();
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}
