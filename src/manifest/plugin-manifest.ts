// The one plugin model. A dialect turns its manifest into this; nothing after it knows the dialect.

import type { Limits } from '../limits.ts';
import type { GuestProgram } from '../runtime/wire/guest-contract.ts';
import type { Contributions } from './contributions.ts';

/** A module of a plugin. Exactly one is named `main`; the others are linked by their names. */
export interface ModuleEntry {
  readonly name: string;
  /** SHA-256 of the bytes, 64 lower-case hex digits. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly size: number;
}

/** Something the plugin asks for: a capability by name, with a scope as the capability defines it. */
export interface PermissionRequest {
  readonly capability: string;
  /** As its capability's `scope.parse` takes it; `undefined` for all of it. */
  readonly scope: unknown;
  /** The plugin's own words, shown as such. */
  readonly reason: string | undefined;
  /** It runs without, and asks when it needs it. @default it needs it from the start */
  readonly optional?: true;
}

/** A file that the plugin's pages may load. */
export interface AssetEntry {
  /** As pages name it, such as `index.html`. */
  readonly path: string;
  /** SHA-256 of the bytes, 64 lower-case hex digits. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly size: number;
}

/** JSON Schema of a plugin's config, bounded as `src/config/config-schema.ts` says; the keywords of JSON Schema beside these. */
export interface ConfigSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, ConfigField>>;
  readonly [keyword: string]: unknown;
}

export interface ConfigField {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';
  /** A secret: it is entered and never read. */
  readonly writeOnly?: boolean;
  readonly default?: unknown;
  readonly [keyword: string]: unknown;
}

export interface PluginManifest extends Contributions {
  /** `^[A-Za-z0-9_-]{1,64}$`. Storage, grants and logs belong to it. */
  readonly id: string;
  /** Shown; at most 200 characters. */
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly author: string;
  /** An https URL, or undefined. */
  readonly homepage: string | undefined;
  /** Name of the system whose plugins it is written for. */
  readonly dialect: string;
  readonly modules: readonly ModuleEntry[];
  /** What its guest reads where nobody has set anything; with the defaults of its schema. */
  readonly config: ReadonlyMap<string, string>;
  /** What may be configured. @default anything, as text */
  readonly configSchema?: ConfigSchema | undefined;
  readonly permissions: readonly PermissionRequest[];
  /** What the plugin asks for; the host only ever takes the lower of this and its own. */
  readonly limits: Partial<Limits>;
  readonly instance: 'persistent' | 'per-call';
  /** It asks for all of WASI preview 1, with files: what its program finds there. @default the part without files */
  readonly program?: GuestProgram | undefined;
  readonly assets: readonly AssetEntry[];
  /** Features of the app that it switches on: those of its manifest, where its licence was accepted. @default none */
  readonly features?: readonly string[] | undefined;
  /** Of a system whose plugins choose among versions of its API, the one that it is for. @default its dialect has one */
  readonly apiVersion?: number | undefined;
  /** It is started with the host, not by its first call. @default false */
  readonly autoStart?: true | undefined;
  /** It is to be reloaded when its source changes, by whoever watches that. @default false */
  readonly autoReload?: true | undefined;
  /** A call to try the plugin with, as its author suggests; input is text. */
  readonly defaultCall?: { readonly export: string; readonly input: string } | undefined;
}
