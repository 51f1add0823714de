import type { Plugin } from 'vite';

/**
 * PGlite fetches its program and its files from beside itself, which a script made of text cannot, and Vite would write them into that
 * text. The worker hands it both, and something in the place of what makes a database anew, which it never does.
 */
export function pgliteWithoutFiles(): Plugin {
  return {
    name: 'cloche:pglite',
    transform: {
      filter: { id: /@electric-sql\/pglite\/dist\/.*\.js$/ },
      handler(code) {
        const text = code.replace(/new URL\("[^"]*",\s*import\.meta\.url\)/g, 'new URL("about:blank")');
        if (text.includes('import.meta.url')) {
          // The name of the file that runs: only Node asks for it.
          return { code: text.replaceAll('import.meta.url', '"about:blank"'), map: null };
        }
        return { code: text, map: null };
      },
    },
  };
}
