// Turns one component into core modules and the JavaScript between them, and is never used again: a panic poisons the
// transpiler, and what it was given may have been made for that.

import { $init, generate } from '@bytecodealliance/jco-transpile/component';
import { ClocheError, messageOf } from '../../../src/errors.ts';
import {
  packParts,
  type TranspileAnswer,
  type Transpiled,
  type TranspileRequest,
} from '../../../src/runtime/wire/component/transpile.ts';
import { failureOf } from '../../failures.ts';
import { lockDown } from '../../lockdown.ts';
import { ModuleCache } from '../../module-cache.ts';
import { readWorld } from '../world/read-world.ts';
import { asyncNames } from './async-names.ts';
import { glueScript } from './glue-script.ts';
import { giveModules } from './transpiler-modules.ts';

const GLUE = 'plugin.js';

const scope = self as DedicatedWorkerGlobalScope;
const { page } = new ModuleCache(scope);
lockDown(scope);

void page.then((port) => {
  port.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<TranspileRequest>;
    if (data.type === 'TRANSPILE') void answer(data).then((given) => port.postMessage(given));
  });
  port.start?.();
});

async function answer(request: TranspileRequest): Promise<TranspileAnswer> {
  try {
    return { type: 'TRANSPILED', ok: true, ...(await transpile(request)) };
  } catch (thrown) {
    return { type: 'TRANSPILED', ok: false, error: failureOf(thrown, 'MODULE_REJECTED') };
  }
}

async function transpile({ component, mode, core, core2 }: TranspileRequest): Promise<Transpiled> {
  const world = readWorld(component);
  if (world.exports.some(({ name, functions }) => functions.some((fn) => isCalledByPromises(name, fn.name)))) {
    throw new ClocheError(
      'MODULE_REJECTED',
      'an export of the component, or a method of one, is named `then`, which no JavaScript can hold',
    );
  }
  giveModules(
    new Map(
      [
        ['core', core],
        ['core2', core2],
      ].map(([name, bytes]) => [name, bytes] as [string, Uint8Array<ArrayBuffer>]),
    ),
  );
  await $init;
  const { files } = generated(component, {
    name: 'plugin',
    noTypescript: true,
    instantiation: { tag: 'async' },
    noNodejsCompat: true,
    base64Cutoff: 0,
    noNamespacedExports: false,
    ...(mode === 'jspi' && { asyncMode: { tag: 'jspi', val: asyncNames(world) } }),
  });
  const glue = files.find(([name]) => name === GLUE)?.[1];
  if (!glue) throw new ClocheError('MODULE_REJECTED', 'the transpiler made no glue of the component');
  const modules = files.filter(([name]) => name.endsWith('.wasm'));
  const parts = packParts([['world', new TextEncoder().encode(JSON.stringify(world))], ...modules]);
  return { glue: glueScript(new TextDecoder().decode(glue)), parts };
}

/** Exports are awaited, as is what they give: such a function would be called in the place of a promise's, and never answer. */
function isCalledByPromises(place: string, name: string): boolean {
  return (place === '' && name === 'then') || /^\[method\].*\.then$/.test(name);
}

function generated(...[component, options]: Parameters<typeof generate>): ReturnType<typeof generate> {
  try {
    return generate(component, options);
  } catch (thrown) {
    throw new ClocheError('MODULE_REJECTED', `the component is not valid: ${messageOf(thrown).slice(0, 2_000)}`);
  }
}
