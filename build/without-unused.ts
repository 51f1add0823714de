import type { Plugin } from 'vite';

/** A part of a package that no worker of Cloche comes to, and what stands there instead. */
export interface Unused {
  readonly what: string;
  /** In the form that the package's minified file has. */
  readonly found: RegExp;
  readonly instead: string;
}

/** Takes parts out of one file of a package; the bundler then drops all that only these places use. */
export function withoutUnused(name: string, file: RegExp, parts: readonly Unused[]): Plugin {
  return {
    name: `cloche:${name}-without-unused`,
    transform: {
      filter: { id: file },
      handler(code) {
        return { code: parts.reduce((text, part) => without(name, text, part), code), map: null };
      },
    },
  };
}

function without(name: string, code: string, { what, found, instead }: Unused): string {
  const count = code.match(found)?.length ?? 0;
  // Another version may have it in another form, and then nobody would notice the weight.
  if (count !== 1) throw new Error(`Expected one ${what} inside ${name}, found ${count}`);
  return code.replace(found, instead);
}
