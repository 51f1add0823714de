// Assembles text of WebAssembly, by the assembler of the page.

import loadWabt from 'wabt';
import { ClocheError, messageOf } from '../src/errors.ts';
import type { Assemble } from '../src/package/load-modules.ts';
import { cannotBeAssembled } from '../src/runtime/wat/mistake.ts';
import { assembled, mistakeIn } from '../workers/wat/assembled.ts';

const MOST_TEXT_BYTES = 4 << 20;

/** @throws {ClocheError} MODULE_REJECTED with the place of the mistake; PACKAGE_REJECTED for text that no page would assemble */
export const assemble: Assemble = async (text, what) => {
  if (text.length > MOST_TEXT_BYTES) {
    throw new ClocheError('PACKAGE_REJECTED', `${what} is text of more than ${MOST_TEXT_BYTES} bytes`);
  }
  const wabt = await loadWabt();
  try {
    return assembled(wabt, text);
  } catch (thrown) {
    throw cannotBeAssembled(what, text, mistakeIn(messageOf(thrown)));
  }
};
