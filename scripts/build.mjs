// Builds dist/. Without arguments everything, else the named outputs:
//   node scripts/build.mjs script service-worker
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, root, run } from './setup.mjs';

/** The outputs by name, with what each is made from. */
const ENTRIES = new Map(
  Object.entries({
    library: 'src/index.ts',
    package: 'src/index.ts',
    script: 'src/index.ts',
    cli: 'cli/cloche.ts',
    'service-worker': 'workers/service-worker.ts',
    types: 'src/index.ts',
    playground: 'index.html',
  }),
);

/**
 * Builds the named outputs of vite.config.ts, and the declaration files.
 * @param {string[]} names
 */
export async function buildOutputs(names = [...ENTRIES.keys()]) {
  // Vite is imported late: it may have been installed a moment ago.
  const { build } = await import('vite');
  for (const name of names) {
    const entry = ENTRIES.get(name);
    if (!entry) throw new Error(`Expected one of ${[...ENTRIES.keys()]}, got ${name}`);
    if (!existsSync(join(root, entry))) throw new Error(`Expected ${entry} for output ${name}`);
    if (name === 'types') run('npx', ['tsc', '-p', 'tsconfig.build.json']);
    else await build({ root, configFile: join(root, 'vite.config.ts'), mode: name, logLevel: 'warn' });
  }
}

if (process.argv[1] === import.meta.filename) {
  ensureDependencies();
  const names = process.argv.slice(2);
  if (names.length > 0) {
    await buildOutputs(names);
  } else {
    rmSync(join(root, 'dist'), { recursive: true, force: true });
    const { buildPlugins } = await import('./build-plugins.mjs');
    await buildPlugins();
    await buildOutputs();
  }
}
