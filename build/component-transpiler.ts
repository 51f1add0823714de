import type { Plugin } from 'vite';

/**
 * The transpiler of components fetches its modules from beside itself, which a script made of text cannot: it takes what it
 * was handed instead. In such a script `import.meta` is empty, too.
 */
export function componentTranspiler(): Plugin {
  return {
    name: 'cloche:component-transpiler',
    transform: {
      filter: { id: /js-component-bindgen-component\.js$/ },
      handler(code) {
        const parts = [
          {
            found:
              /fetchCompile\(new URL\('\.\/js-component-bindgen-component\.(core2?)\.wasm', import\.meta\.url\)\)/g,
            count: 2,
            instead: "(globalThis.clocheModules ??= Promise.withResolvers()).promise.then((give) => give('$1'))",
          },
          { found: /async function fetchCompile \(url\) \{[\s\S]*?\n\}\n/g, count: 1, instead: '' },
        ];
        const text = parts.reduce((before, { found, count, instead }) => {
          const matches = before.match(found)?.length ?? 0;
          // Another version may have it in another form, and would fail only where it runs.
          if (matches !== count) throw new Error(`Expected ${count} of ${found} in the transpiler, found ${matches}`);
          return before.replace(found, instead);
        }, code);
        return { code: text, map: null };
      },
    },
  };
}
