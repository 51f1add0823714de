import { relative, resolve, sep } from 'node:path';
import { build, type Plugin } from 'vite';
import { wat } from './wat.ts';

const SUFFIX = '?source';
/** The null byte keeps other plugins away from ids that are not files. */
const PREFIX = '\0source:';

interface Bundle {
  readonly code: string;
  readonly files: readonly string[];
}

/**
 * Makes `import source from './plugin.worker.ts?source'` yield that worker as the text of one
 * classic script. A worker inside an opaque origin starts from a blob and can load nothing, so
 * whatever it needs has to be in its text.
 */
export function workerSource(): Plugin {
  let root = '';
  let production = false;
  const filesOf = new Map<string, readonly string[]>();

  return {
    name: 'cloche:worker-source',
    enforce: 'pre',
    configResolved(config) {
      root = config.root;
      production = config.isProduction;
    },
    async resolveId(id, importer) {
      if (!id.endsWith(SUFFIX)) return null;
      const found = await this.resolve(id.slice(0, -SUFFIX.length), importer, { skipSelf: true });
      if (!found) return null;
      // Relative, so that no path of the build machine reaches the output's region comments.
      return PREFIX + relative(root, found.id).split(sep).join('/');
    },
    async load(id) {
      if (!id.startsWith(PREFIX)) return null;
      const { code, files } = await bundle(root, id.slice(PREFIX.length), production);
      filesOf.set(id, files);
      for (const file of files) this.addWatchFile(file);
      return { code: `export default ${JSON.stringify(code)};`, moduleType: 'js' };
    },
    hotUpdate({ file, modules }) {
      // The worker's files are no modules of the page, so Vite cannot know who is stale.
      const graph = this.environment.moduleGraph;
      const stale = [...filesOf]
        .filter(([, files]) => files.includes(file))
        .map(([id]) => graph.getModuleById(id))
        .filter((module) => module !== undefined);
      return stale.length === 0 ? undefined : [...modules, ...stale];
    },
  };
}

async function bundle(root: string, entry: string, production: boolean): Promise<Bundle> {
  const output = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    // `build` would set production by itself, and strip what tests want to see.
    mode: production ? 'production' : 'development',
    define: { 'process.env.NODE_ENV': JSON.stringify(production ? 'production' : 'development') },
    plugins: [wat()],
    publicDir: false,
    build: {
      write: false,
      // Below ES2022 `async` is compiled away, and the Extism SDK recognises only native ones.
      target: 'es2022',
      minify: production,
      lib: { entry: resolve(root, entry), formats: ['iife'], name: 'clocheWorker' },
    },
  });
  const chunk = [output].flat().flatMap((one) => ('output' in one ? one.output : []))[0];
  if (chunk?.type !== 'chunk') throw new Error(`Expected one script from ${entry}, got none`);
  assertClassic(entry, chunk.code);
  return { code: chunk.code, files: chunk.moduleIds.filter((file) => !file.startsWith('\0')) };
}

/** A blob worker fails without a message on module syntax, so it is refused while building. */
function assertClassic(entry: string, code: string): void {
  const found = /\bimport\.meta\b|^\s*(?:import|export)\b(?!\s*\()/m.exec(code);
  if (found) throw new Error(`Expected a classic script from ${entry}, got "${found[0].trim()}"`);
}
