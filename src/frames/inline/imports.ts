// The imports of a script: what it names, and the same with URLs that the import map of the page knows.

import { parse } from 'es-module-lexer/js';
import type { Steps } from '../../util/pauses.ts';
import { HELPER } from '../references.ts';
import type { Edit } from './edits.ts';

export interface Imports {
  readonly edits: readonly Edit[];
  /** Asset paths that are imported by name. */
  readonly paths: readonly string[];
  /** Something is imported by a name that shows only when the script runs. */
  readonly isOpen: boolean;
  /** What is imported and is not a file of the package, such as `react`. */
  readonly foreign: readonly string[];
}

export interface ImportScope {
  /** URL of the script. */
  readonly url: string;
  /** The asset that a specifier means, if any. */
  find(specifier: string): string | undefined;
  /** The URL under which the import map has an asset. */
  urlOf(path: string): string;
}

/** An import as the lexer finds it, and no more of it than can be handed over by a worker. */
export interface FoundImport {
  readonly kind: 'static' | 'dynamic' | 'meta';
  readonly start: number;
  readonly end: number;
  /** Undefined where only the script itself can tell. */
  readonly specifier: string | undefined;
}

/** Bundles have some MiB and some hundred imports; what is beyond would hold the host's page up (H11). */
const MOST_LENGTH = 6 << 20;
const MOST_IMPORTS = 5_000;

/** @throws {Error} when the text is not JavaScript, or too much of it. */
export function findImports(source: string): FoundImport[] {
  if (source.length > MOST_LENGTH) throw new RangeError(`longer than ${MOST_LENGTH} characters`);
  const all = parse(source)[0];
  if (all.length > MOST_IMPORTS) throw new RangeError(`more than ${MOST_IMPORTS} imports`);
  return all.map((found) => {
    const { start, end } = found;
    if (found.type === 'import-meta') return { kind: 'meta', start, end, specifier: undefined };
    if (found.type !== 'dynamic') return { kind: 'static', start, end, specifier: found.specifier };
    return { kind: 'dynamic', start, end, specifier: found.glob ? undefined : found.specifier };
  });
}

/** What becomes of the imports of a script, in steps of one import each. */
export function* importSteps(all: readonly FoundImport[], scope: ImportScope): Steps<Imports> {
  const edits: Edit[] = [];
  const paths: string[] = [];
  const foreign: string[] = [];
  let isOpen = false;
  for (const { kind, start, end, specifier } of all) {
    yield;
    if (kind === 'meta') {
      edits.push({ start, end, text: `${HELPER}.meta(${JSON.stringify(scope.url)})` });
      continue;
    }
    if (specifier === undefined) {
      isOpen = true;
      const base = JSON.stringify(scope.url);
      edits.push({ start, end: start, text: `${HELPER}.resolve(` }, { start: end, end, text: `, ${base})` });
      continue;
    }
    const path = isPath(specifier) ? scope.find(specifier) : undefined;
    if (path === undefined) {
      foreign.push(specifier);
    } else {
      const url = JSON.stringify(scope.urlOf(path));
      paths.push(path);
      edits.push({ start, end, text: kind === 'dynamic' ? url : url.slice(1, -1) });
    }
  }
  return { edits, paths, foreign, isOpen };
}

/** Others are names, as for packages, and mean what the import map of the page says. */
function isPath(specifier: string): boolean {
  return /^(?:\.{0,2}\/|https?:)/.test(specifier);
}
