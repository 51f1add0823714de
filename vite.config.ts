import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type UserConfig } from 'vite';
import { cellHash } from './build/cell-hash.ts';
import { chunkOf, sharedChunk } from './build/chunks.ts';
import { classicEntry } from './build/classic-entry.ts';
import { customElements } from './build/custom-elements/custom-elements.ts';
import { examplePlugins } from './build/example-plugins.ts';
import { pieces } from './build/pieces.ts';
import { serviceWorker } from './build/service-worker.ts';
import { wat } from './build/wat.ts';
import { workerSource } from './build/worker-source.ts';

const root = import.meta.dirname;
const at = (path: string): string => resolve(root, path);

/** Shared by everything that is shipped. Below ES2022 native `async` functions are lost. */
const shipped = {
  target: 'es2022',
  outDir: 'dist',
  emptyOutDir: false,
  copyPublicDir: false,
} as const;

const HOST = at('src/index.ts');
const ELEMENTS = at('src/elements/index.ts');
const ADMIN = at('src/elements/admin/index.ts');
const PALETTE = at('src/elements/palette/index.ts');
const TASKS = at('src/elements/tasks/index.ts');
const DATABASES = at('src/elements/databases/index.ts');
const MODULES = { index: HOST, elements: ELEMENTS, admin: ADMIN, palette: PALETTE, tasks: TASKS, databases: DATABASES };

/** What every manifest needs is loaded with the first, and what else reads one shares it, as do stored records. */
const MANIFESTS = chunkOf('known', at('src/dialects/known.ts'), at('src/registry/record.ts'));

/** The host and the elements as modules, without what is `external`. */
const modules = (outDir: string, external: RegExp[]): UserConfig => ({
  build: {
    ...shipped,
    outDir,
    sourcemap: true,
    // Vite keeps white space in library ESM for bundlers; the size budget is for static hosting.
    minify: true,
    // Built together, so that they share one ClocheError: what the elements report is an instance of the host's.
    lib: {
      entry: MODULES,
      formats: ['es'],
      fileName: (_format, name) => `${name}.js`,
    },
    rolldownOptions: {
      external,
      output: {
        chunkFileNames: 'chunks/[name]-[hash].js',
        minify: true,
        codeSplitting: {
          groups: [
            sharedChunk('shared', [HOST, ELEMENTS]),
            sharedChunk('host-and-admin', [HOST, ADMIN]),
            chunkOf('index', HOST),
            chunkOf('elements', ELEMENTS),
            MANIFESTS,
          ],
        },
      },
    },
  },
});

/** One output a mode, so that a test run builds only the file that it needs. */
const outputs: Record<string, UserConfig> = {
  library: modules('dist', []),
  // What `import 'cloche'` finds. With Lit outside an app has one Lit, and a server the one that needs no DOM.
  package: { plugins: [customElements()], ...modules('dist/package', [/^lit(?:\/|$)/]) },
  script: {
    plugins: [cellHash(), classicEntry('Cloche')],
    build: {
      ...shipped,
      minify: true,
      lib: { entry: HOST, formats: ['es'], fileName: () => 'cloche.js' },
      rolldownOptions: {
        output: {
          chunkFileNames: 'chunks/cloche-[name]-[hash].js',
          minify: true,
          codeSplitting: { groups: [chunkOf('core', HOST), MANIFESTS] },
        },
      },
    },
  },
  cli: {
    build: {
      ...shipped,
      // The oldest Node that the package says.
      target: 'node20',
      minify: true,
      lib: { entry: at('cli/cloche.ts'), formats: ['es'], fileName: () => 'cli.js' },
      rolldownOptions: {
        // wabt asks for two of Node's own without `node:`, and where its script is, in which it looks for nothing.
        external: /^(?:node:.*|fs|path)$/,
        platform: 'node',
        transform: { define: { __dirname: '"."' } },
        output: { banner: '#!/usr/bin/env node', codeSplitting: false },
      },
    },
  },
  'service-worker': {
    build: {
      ...shipped,
      lib: {
        entry: at('workers/service-worker.ts'),
        formats: ['iife'],
        name: 'clocheServiceWorker',
        fileName: () => 'cloche-sw.js',
      },
    },
  },
  playground: {
    // Relative, so that the folder can be copied to any path of any static host.
    base: './',
    plugins: [serviceWorker(), examplePlugins()],
    // Loaded late and CommonJS: found at that moment, it would reload the page.
    optimizeDeps: { include: ['wabt', '@codemirror/commands', '@codemirror/state', '@codemirror/view'] },
    build: { ...shipped, outDir: 'dist/playground', emptyOutDir: true, copyPublicDir: true },
  },
  test: {
    // WebKit has no `using` yet.
    oxc: { target: shipped.target },
    plugins: [serviceWorker()],
    cacheDir: 'node_modules/.vite-test',
    // A dependency found late makes Vite reload the page, which kills the test running in it.
    // So nothing is discovered: CommonJS packages are listed, ESM ones are served as they are.
    optimizeDeps: {
      noDiscovery: true,
      include: ['wabt', 'axe-core', 'fast-check', 'react', 'react-dom/client'],
    },
  },
};

/** Vite's own list, and the reference relay's token and mails: the page under development may run untrusted plugins. */
const neverServed = ['.env', '.env.*', '*.{crt,pem}', '**/.git/**', '**/demo/relay/data/**'];

export default defineConfig(({ mode, command }) => ({
  root,
  server: { fs: { deny: neverServed } },
  // Vite keeps `process.env` in libraries, and a page has no `process`.
  define: command === 'build' ? { 'process.env.NODE_ENV': JSON.stringify('production') } : {},
  ...outputs[mode],
  plugins: [wat(), workerSource(), pieces(), ...(outputs[mode]?.plugins ?? [])],
  publicDir: existsSync(at('public')) ? 'public' : false,
}));
