// Builds the example plugins: every plugins/*/build.mjs, whose default export does the work, and
// plugins/index.json, by which the playground finds them.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAssemblyScript, buildC, buildRust } from './plugin-builders.mjs';

const folder = resolve(import.meta.dirname, '../plugins');
const testPlugins = resolve(import.meta.dirname, '../test/fixtures/plugins');

/**
 * @typedef {object} Listed
 * @property {string} folder name of its folder
 * @property {boolean} hostile whether it misbehaves on purpose
 * @property {string} sentence what it shows
 * @property {string} [id] of a component, which only says it itself: there is no manifest beside it
 * @property {string} [name] where its manifest gives only an id
 * @property {boolean} [database] whether it uses an SQL database, whose program is loaded with its first transaction
 * @property {string} [package] the file to install, from its folder; else its manifest names a module
 */

/** Builds them one after another, and returns how many there were. */
export async function buildPlugins() {
  const names = existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .filter((name) => existsSync(join(folder, name, 'build.mjs')))
    : [];
  /** @type {Listed[]} */
  const list = [];
  for (const name of names) {
    const { default: build, example } = await import(pathToFileURL(join(folder, name, 'build.mjs')).href);
    await build();
    if (example)
      list.push({ folder: name, ...example, ...sizeOf(join(folder, name, example.package ?? 'dist/plugin.wasm')) });
  }
  // The first one is what the playground shows and runs first: none that misbehaves, and none that has more to it than a module.
  const rank = (/** @type {Listed} */ one) => Number(one.hostile) * 2 + Number(one.package !== undefined);
  list.sort((a, b) => rank(a) - rank(b));
  if (names.length > 0) writeFileSync(join(folder, 'index.json'), `${JSON.stringify(list, null, 2)}\n`);
  return names.length;
}

/**
 * What a browser downloads to install it.
 * @param {string} file
 */
function sizeOf(file) {
  return existsSync(file) ? { bytes: statSync(file).size } : {};
}

/** Builds the plugins of the tests; of those that are for a compiler which is not there, none. */
export async function buildTestPlugins() {
  for (const name of readdirSync(testPlugins).sort()) {
    const plugin = join(testPlugins, name);
    // As much as Nev's own build asks for, less a page: zig reads the number in 32 bits.
    if (existsSync(join(plugin, `${name}.c`))) buildC(plugin, { flags: ['-Wl,--max-memory=4294901760'] });
    else if (existsSync(join(plugin, `${name}.rs`))) buildRust(plugin);
    else await buildAssemblyScript(plugin);
  }
}

if (process.argv[1] === import.meta.filename) {
  console.log(`Built ${await buildPlugins()} example plugins`);
}
