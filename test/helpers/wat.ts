import loadWabt from 'wabt';
import { watFeatures } from '../../build/wat-features.ts';

/** Compiles WAT text in the page, so that a test shows its guest next to its assertion. */
export async function wat(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const { parseWat } = await loadWabt();
  const module = parseWat('inline.wat', text, watFeatures);
  try {
    module.resolveNames();
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}
