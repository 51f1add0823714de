import { join } from 'node:path';
import { buildC, buildWat, packFiles } from '../../scripts/plugin-builders.mjs';

/** What the playground says about it. */
export const example = {
  hostile: false,
  id: 'case',
  name: 'Change case',
  version: '1.0.0',
  sentence: 'A plugin of the editor Nev: commands that edit what is selected.',
  package: 'dist/case.zip',
};

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
