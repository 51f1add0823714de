// What a dialect hands on: a manifest whose modules are not loaded yet.

import { visibleText } from '../util/text/visible-text.ts';
import { noContributions } from './contributions.ts';
import type { PluginManifest } from './plugin-manifest.ts';

/** Where the bytes of a module come from. */
export type ModuleOrigin =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array | ArrayBuffer }
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly method: 'GET' | 'POST';
      readonly headers: ReadonlyMap<string, string>;
    }
  /** A file of the same package, relative to the manifest's folder. */
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'response'; readonly response: Response }
  /** The `wasm` of `{ wasm, manifest }`. */
  | { readonly kind: 'given' };

export interface ModuleSource {
  /** `main` for the main module; undefined takes the module's hash for a name, as the JS SDK does. */
  readonly name: string | undefined;
  /** 64 lower-case hex digits that the bytes must have. */
  readonly hash: string | undefined;
  readonly origin: ModuleOrigin;
}

export interface ManifestDraft extends Omit<PluginManifest, 'id' | 'name' | 'modules' | 'assets'> {
  /** Undefined where the dialect has no id: then the caller, the name or the hash of `main` gives one. */
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** A name to fall back on, such as that of the file. */
  readonly hint: string | undefined;
  readonly modules: readonly ModuleSource[];
  /** What the manifest asks for and this host cannot give; one sentence each, for the log. */
  readonly warnings: readonly string[];
}

/** Where a manifest stands. What it leaves unsaid depends on that. */
export type Place =
  /** A file of a package, at its root or beside a module. */
  | 'package'
  /** A file of a package, elsewhere. It may be another program's, as a bundler's. */
  | 'nested'
  /** JSON text beside the bytes of a module, as from a file. */
  | 'beside'
  /** An object that the page wrote beside the bytes of a module. */
  | 'inline'
  | 'alone';

export interface ReadOptions {
  /** What a relative `url` of a module is relative to. @default none: URLs must be absolute */
  baseUrl?: string | undefined;
  /** What `path` of a module names: a file of the package, one beside `baseUrl`, or nothing. @default 'none' */
  paths?: 'package' | 'base' | 'none';
  /** `main` is given beside the manifest: it need not list it. @default false */
  mainGiven?: boolean;
  /** The folder that holds the plugin, in a package; or what stands for it, as the name of the zip. @default none */
  folder?: string | undefined;
  /** Name of the file of a module that stands alone, without its ending. @default none */
  stem?: string | undefined;
  /** @default what `paths` and `mainGiven` say */
  place?: Place | undefined;
  /** Keys of other dialects' manifests. @default none */
  foreignKeys?: ReadonlySet<string>;
  /** Longest manifest in characters, modules in base64 included. @default 1048576 */
  maxLength?: number;
}

/** Most entries of `config` and most characters of one value, in every dialect. */
export const CONFIG_RULE = { entries: 1_000, max: 1 << 20 } as const;

/** The list of modules where the main one was given beside the manifest. */
export const GIVEN_MAIN: readonly ModuleSource[] = [{ name: 'main', hash: undefined, origin: { kind: 'given' } }];

/** Of a module with nothing beside it. */
export function bareDraft(dialect: string): ManifestDraft {
  return {
    dialect,
    id: undefined,
    name: undefined,
    hint: undefined,
    version: '',
    description: '',
    author: '',
    homepage: undefined,
    modules: GIVEN_MAIN,
    config: new Map(),
    permissions: [],
    limits: {},
    instance: 'persistent',
    ...noContributions(),
    warnings: [],
  };
}

/** `count_vowels` of `https://example.com/a/count_vowels.wasm?x` and of `a/count_vowels.wasm`. */
export function fileStem(location: string): string | undefined {
  const path = URL.canParse(location) ? new URL(location).pathname : location;
  const file = path.slice(path.lastIndexOf('/') + 1);
  const stem = visibleText(file.replace(/(?:\.m)?\.[A-Za-z0-9]{1,8}$/, ''), 100);
  return stem === '' ? undefined : stem;
}
