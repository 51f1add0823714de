import { resolve } from 'node:path';
import { Script } from 'node:vm';
import { build } from 'vite';
import { componentTranspiler } from './component-transpiler.ts';
import { extismWithoutUnused } from './extism.ts';
import { pgliteWithoutFiles } from './pglite.ts';
import { wat } from './wat.ts';

/** Names stay for whoever debugs it. Comments and blanks go: each worker that starts reads the whole text. */
const AS_WRITTEN = { compress: false, mangle: false, codegen: { removeWhitespace: true } } as const;

/** One classic script, and the files it was made from. */
export interface ClassicScript {
  readonly code: string;
  readonly files: readonly string[];
}

/**
 * Bundles an entry into one classic script. Both places that need it take no module: a worker
 * that starts from a blob in an opaque origin, and a service worker in Firefox ESR.
 */
export async function bundleClassicScript(root: string, entry: string, production: boolean): Promise<ClassicScript> {
  const mode = production ? 'production' : 'development';
  const output = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    // `build` would set production by itself, and strip what tests want to see.
    mode,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    plugins: [wat(), extismWithoutUnused(), componentTranspiler(), pgliteWithoutFiles()],
    publicDir: false,
    build: {
      write: false,
      // Below ES2022 `async` is compiled away, and the Extism SDK recognises only native ones.
      target: 'es2022',
      minify: production,
      lib: { entry: resolve(root, entry), formats: ['iife'], name: 'clocheWorker' },
      // Emscripten's, which nothing calls where a policy forbids it; ours is Biome's to find.
      rolldownOptions: { checks: { eval: false }, ...(!production && { output: { minify: AS_WRITTEN } }) },
    },
  });
  const chunk = [output].flat().flatMap((one) => ('output' in one ? one.output : []))[0];
  if (chunk?.type !== 'chunk') throw new Error(`Expected one script from ${entry}, got none`);
  assertClassic(entry, chunk.code);
  return { code: chunk.code, files: chunk.moduleIds.filter((file) => !file.startsWith('\0')) };
}

/**
 * A blob worker fails without a message on module syntax, so it is refused while building: parsed
 * as a script, `import`, `export` and `import.meta` are syntax errors.
 */
function assertClassic(entry: string, code: string): void {
  try {
    new Script(code, { filename: entry });
  } catch (cause) {
    throw new Error(`Expected a classic script from ${entry}, got a syntax error`, { cause });
  }
}
