// How an example plugin becomes `dist/plugin.wasm`, and a package; each plugins/*/build.mjs picks what it needs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { root } from './setup.mjs';

const SHARED = join(root, 'plugins/shared');

/**
 * Compiles `<name>.ts` of a plugin's folder with AssemblyScript, unless its wasm is newer than all sources.
 * @param {string} folder
 */
export async function buildAssemblyScript(folder) {
  const output = join(folder, 'dist/plugin.wasm');
  const sources = [...filesOf(folder, '.ts'), ...filesOf(SHARED, '.ts'), join(root, 'package-lock.json')];
  if (isFresh(output, sources)) return;
  mkdirSync(dirname(output), { recursive: true });
  // Imported late: it takes half a second, and most starts have nothing to compile.
  const { default: asc } = await import('assemblyscript/asc');
  const { error, stderr } = await asc.main([
    fromRoot(join(folder, `${basename(folder)}.ts`)),
    ...['--baseDir', root],
    ...['--outFile', fromRoot(output)],
    ...['--use', 'abort=plugins/shared/extism/abort'],
    // The runtime without its exports: a host calls functions, and manages none of the guest's memory.
    ...['--runtime', 'incremental', '-Ospeed'],
  ]);
  if (error) throw new Error(`${fromRoot(folder)} does not compile:\n${stderr.toString()}`, { cause: error });
}

/**
 * Assembles `<name>.wat` of a plugin's folder, unless its wasm is newer.
 * @param {string} folder
 */
export async function buildWat(folder) {
  const source = join(folder, `${basename(folder)}.wat`);
  const output = join(folder, 'dist/plugin.wasm');
  if (isFresh(output, [source])) return;
  const { default: wabt } = await import('wabt');
  const module = (await wabt()).parseWat(fromRoot(source), readFileSync(source, 'utf8'));
  try {
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

/**
 * Makes a component of `<name>.wat`, the core module, and `<name>.wit`, whose world `plugin` gives it types, unless it is newer.
 * @param {string} folder
 */
export async function buildComponent(folder) {
  const module = join(folder, `${basename(folder)}.wat`);
  const wit = join(folder, `${basename(folder)}.wit`);
  const output = join(folder, 'dist/plugin.wasm');
  if (isFresh(output, [module, wit])) return;
  const { parse, componentEmbed, componentNew } = await import('@bytecodealliance/jco-transpile/wasm-tools');
  const binary = await parse(readFileSync(module, 'utf8'));
  const typed = await componentEmbed({ binary, witSource: readFileSync(wit, 'utf8'), world: 'plugin' });
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, await componentNew(typed, []));
}

/**
 * Compiles `<name>.c` of a plugin's folder, unless its wasm is newer, with clang and wasm-ld, or with zig: as `ziglang` of PyPI
 * brings it along, too.
 * @param {string} folder
 * @param {{ output?: string, flags?: string[] }} [options]
 * @returns {boolean} whether it was compiled, or had been: false where no compiler is there
 */
export function buildC(folder, { output = join(folder, 'dist/plugin.wasm'), flags = [] } = {}) {
  const source = join(folder, `${basename(folder)}.c`);
  if (isFresh(output, [source, join(SHARED, 'nev.h')])) return true;
  const compiler = C_COMPILERS.find(({ command, tests }) =>
    tests.every((test) => answers(test[0] ?? command[0], test.slice(1))),
  );
  if (!compiler) return gone(output);
  const [program = '', ...first] = compiler.command;
  // Zig's own stack has a MiB. Warnings are no errors: the next compiler has others.
  const linked = ['-nostdlib', '-ffreestanding', '-Wl,--no-entry', '-Wl,-z,stack-size=65536', ...flags];
  return compiled(program, [...first, '-O2', '-Wall', '-Wextra', ...linked, '-o', output, source], output);
}

/** @type {readonly { command: string[], tests: string[][] }[]} */
const C_COMPILERS = [
  {
    command: ['clang', '--target=wasm32'],
    tests: [
      ['clang', '--version'],
      ['wasm-ld', '--version'],
    ],
  },
  { command: ['zig', 'cc', '--target=wasm32-freestanding'], tests: [['zig', 'version']] },
  {
    command: ['python3', '-m', 'ziglang', 'cc', '--target=wasm32-freestanding'],
    tests: [['python3', '-m', 'ziglang', 'version']],
  },
];

/**
 * Compiles `<name>.rs` of a plugin's folder, unless its wasm is newer.
 * @param {string} folder
 * @returns {boolean} whether it was compiled, or had been: false where rustc or its target `wasm32-unknown-unknown` is not there
 */
export function buildRust(folder) {
  const source = join(folder, `${basename(folder)}.rs`);
  const output = join(folder, 'dist/plugin.wasm');
  if (isFresh(output, [source])) return true;
  const target = ['--target', 'wasm32-unknown-unknown'];
  const { status, stdout } = spawnSync('rustc', ['--print', 'target-libdir', ...target], { encoding: 'utf8' });
  if (status !== 0 || !existsSync(stdout.trim())) return gone(output);
  const options = ['--crate-type', 'cdylib', '--edition', '2024', '-O', '-C', 'panic=abort', '-C', 'strip=debuginfo'];
  return compiled('rustc', [...target, ...options, '-o', output, source], output);
}

/** @param {string | undefined} program @param {string[]} args */
function answers(program, args) {
  return program !== undefined && spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** What was compiled of other sources is not left behind. @param {string} output */
function gone(output) {
  rmSync(output, { force: true });
  return false;
}

/** @param {string} program @param {string[]} args @param {string} output */
function compiled(program, args, output) {
  mkdirSync(dirname(output), { recursive: true });
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${fromRoot(output)} does not compile:\n${stderr ?? ''}`, { cause: error });
  return true;
}

/**
 * Packs a plugin as its system takes it, into `dist/<name>.zip`: the manifest, the module, and what lies in `assets/`.
 * @param {string} folder with `dist/plugin.wasm` in it
 */
export async function packZip(folder) {
  const output = join(folder, `dist/${basename(folder)}.zip`);
  const assets = readdirSync(join(folder, 'assets')).sort();
  /** @type {[string, string][]} name in the zip, file */
  const entries = [
    ['manifest.json', join(folder, 'manifest.json')],
    ['plugin.wasm', join(folder, 'dist/plugin.wasm')],
    ...assets.map((name) => /** @type {[string, string]} */ ([`assets/${name}`, join(folder, 'assets', name)])),
  ];
  await packFiles(output, entries);
}

/**
 * The same files give the same bytes.
 * @param {string} output
 * @param {readonly [string, string][]} entries name in the zip, file
 */
export async function packFiles(output, entries) {
  const sources = entries.map(([, file]) => file);
  if (isFresh(output, sources)) return;
  const { zipSync } = await import('fflate');
  // In the zone of whoever builds, as zips keep it: the same digits everywhere.
  const mtime = new Date(2026, 0, 1);
  const files = Object.fromEntries(entries.map(([name, file]) => [name, readFileSync(file)]));
  writeFileSync(output, zipSync(files, { level: 9, mtime }));
}

/** @param {string} output @param {string[]} sources */
function isFresh(output, sources) {
  if (!existsSync(output)) return false;
  const built = statSync(output).mtimeMs;
  return [import.meta.filename, ...sources].every((source) => statSync(source).mtimeMs < built);
}

/** @param {string} folder @param {string} ending */
function filesOf(folder, ending) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

/** AssemblyScript names modules by their path from the base, with slashes on every system. @param {string} path */
function fromRoot(path) {
  return relative(root, path).split(sep).join('/');
}
