import { isCoreModule } from '../../util/wasm-header.ts';

/** What a module imports stands at its beginning. */
const BEGINNING = 1 << 16;

/** Whether a module without a manifest was built for Nev: by the interfaces that it imports. */
export function isOfNev(bytes: Uint8Array): boolean {
  // Its text names them, too, and is yet to be assembled.
  return isCoreModule(bytes) && new TextDecoder().decode(bytes.subarray(0, BEGINNING)).includes('nev:plugins/');
}
