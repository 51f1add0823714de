import { join } from 'node:path';
import { buildC, buildWat, packFiles } from '../../scripts/plugin-builders.mjs';

export default async () => {
  const folder = import.meta.dirname;
  const pack = (/** @type {string} */ name, /** @type {string} */ module) =>
    packFiles(join(folder, `dist/${name}.zip`), [
      ['case/manifest.json', join(folder, 'manifest.json')],
      ['case/case.1.m.wasm', join(folder, 'dist', module)],
    ]);
  await buildWat(folder);
  await pack('case', 'plugin.wasm');
  // Its twin, where there is a compiler.
  if (buildC(folder, { output: join(folder, 'dist/twin.wasm') })) await pack('case-in-c', 'twin.wasm');
};
