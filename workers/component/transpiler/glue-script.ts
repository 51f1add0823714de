// From the module that the transpiler writes to the end of a worker's script. There the glue is part of the one script that a
// worker may load, so no policy has to allow a second.

import { ClocheError } from '../../../src/errors.ts';

const CHANGES = [
  { found: /^export function instantiate\(/gm, instead: 'function instantiate(' },
  { found: /^export const _util = /gm, instead: 'const _util = ' },
  // Modules are handed over.
  { found: /^ *if \(!getCoreModule\) getCoreModule = .*$/gm, instead: '' },
] as const;

/**
 * Where an import fails that has no `result`. The promise is never settled, so nobody would hear of it, and the guest would wait for
 * the end of its time.
 */
const FAILED_IMPORT =
  /(\[Instruction::CallInterface\] error during async call'[\s\S]*?)return task\.completionPromise\(\);/g;

/** @param code of the module. @throws {ClocheError} START_FAILED for what the transpiler does not write */
export function glueScript(code: string): string {
  const script = CHANGES.reduce((text, { found, instead }) => {
    const count = text.match(found)?.length ?? 0;
    if (count !== 1) throw unknownForm(`${count} times ${found.source}`);
    return text.replace(found, instead);
  }, code);
  const told = script.replace(FAILED_IMPORT, '$1throw err;');
  const rest = /^(?:export|import)\b.*|\bimport\.meta\b/m.exec(told);
  if (rest) throw unknownForm(rest[0].slice(0, 80));
  return `\nclocheGlue(() => {\n'use strict';\n${told}\nreturn instantiate;\n});\n`;
}

function unknownForm(what: string): ClocheError {
  return new ClocheError('START_FAILED', `the transpiler wrote something of another form (${what})`);
}
