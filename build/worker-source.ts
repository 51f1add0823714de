import { relative, sep } from 'node:path';
import type { Plugin } from 'vite';
import { bundleClassicScript } from './classic-script.ts';

const SUFFIX = '?source';
/** The null byte keeps other plugins away from ids that are not files. */
const PREFIX = '\0source:';

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
      const { code, files } = await bundleClassicScript(root, id.slice(PREFIX.length), production);
      filesOf.set(id, files);
      for (const file of files) this.addWatchFile(file);
      return { code: `export default ${JSON.stringify(code)};`, moduleType: 'js' };
    },
    hotUpdate({ file, modules }) {
      // The worker's files are not modules of the page, so Vite cannot know who is stale.
      const graph = this.environment.moduleGraph;
      const stale = [...filesOf]
        .filter(([, files]) => files.includes(file))
        .map(([id]) => graph.getModuleById(id))
        .filter((module) => module !== undefined);
      return stale.length === 0 ? undefined : [...modules, ...stale];
    },
  };
}
