// What reading a plugin needs of a dialect, the system that the plugin was made for. Types only: the implementations are in
// `src/dialects/`, the whole of what a dialect says is in `src/dialects/dialect.ts`, and a host hands them in.

import type { ImportFact, WireValue } from '../runtime/wire/protocol.ts';
import type { JsonObject } from '../util/json/untrusted-json.ts';
import type { ManifestDraft, Place, ReadOptions } from './manifest-draft.ts';
import type { PluginManifest } from './plugin-manifest.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** The files of a package by path. */
export type Files = ReadonlyMap<string, Bytes>;

/** What a dialect looks at to tell whether a plugin is one of its own. */
export type Evidence =
  | {
      readonly kind: 'manifest';
      readonly manifest: JsonObject;
      readonly place: Place;
      /** Name of the file in a package, without its folder. */
      readonly file?: string | undefined;
    }
  /** Bytes that no manifest goes with. They may be a module, or anything else that only a dialect can read. */
  | { readonly kind: 'bytes'; readonly bytes: Bytes };

/** `mark`: only its plugins have that, which the first to see it decides. `place`: nobody's marks, and it stands where its do. */
export type Certainty = 'mark' | 'place';

/** How plugins of a dialect are told: small, since it is looked at for every plugin, whosever that is. */
export interface PluginFormat {
  /** Stored with each plugin: never changes. Lower-case letters, digits and `-`. */
  readonly name: string;
  /** As its makers write it. */
  readonly label: string;
  /** What tells its manifests, for messages. */
  readonly marks: string;
  recognise(evidence: Evidence): Certainty | undefined;
  /** Comments, trailing commas and repeated keys are not errors in its manifests. @default false */
  readonly lenient?: boolean;
  /** Keys of its manifest. Where a dialect ignores what it does not know, one of these in its manifest was meant to do something. */
  readonly keys?: readonly string[];
  /** A file that is its manifest in a package, besides `manifest.json`. @default none */
  readonly manifestFile?: string;
  /**
   * Manifests that count in its packages wherever they lie, in the order of preference.
   * @param paths those of all files that are called `manifest.json`
   * @default only the one at the root
   */
  manifestsIn?(paths: readonly string[]): readonly string[];
  /** All the rest of it. @default this version knows the dialect, so as not to take it for another, and does not run its plugins */
  load?(): Promise<PluginReader>;
}

/** The dialects of a host, some of which may be loaded late. */
export interface PluginFormats<D extends PluginFormat = PluginFormat> {
  /** Those among them that read bytes without a manifest. They are asked first, so that a bare module loads nothing. */
  readonly bare: readonly D[];
  /** All of them, in the order in which they are asked. @throws {ClocheError} FETCH_FAILED */
  all(): Promise<readonly D[]>;
}

/** What a dialect makes of the files of a package. */
export interface PackedFiles {
  /** Those that modules are looked for in. */
  readonly packed: Files;
  /** Those that its pages may load. */
  readonly assets: Files;
  /** Its licence, for the app to verify. @default none */
  readonly license?: Bytes | undefined;
}

/** From what was found to the one plugin model. */
export interface PluginReader {
  /** @throws {ClocheError} MANIFEST_INVALID with the path of the field */
  read(evidence: Evidence, options: ReadOptions): ManifestDraft | Promise<ManifestDraft>;
  /**
   * Which files of a package are modules, and which ones its pages may load.
   * @default modules by their paths; pages may load any file but these and the manifest
   */
  files?(files: Files, draft: ManifestDraft): PackedFiles;
  /** A file of a module as the engine takes it, such as text that is to be assembled. @default as it is */
  module?(file: Bytes): Bytes | Promise<Bytes>;
  /** Whether bytes that are not a core module are one of its. @default false */
  takes?(module: Bytes): boolean;
  /** What the plugin adds to its manifest once it was started. @default nothing */
  complete?(manifest: PluginManifest, plugin: Introspection): Promise<PluginManifest>;
  /**
   * Only the started plugin knows its id, which `complete` gives: it is started once more than others, to be asked for that.
   * Not where whoever installs it gives one.
   * @default false
   */
  readonly tellsId?: boolean;
}

/** A plugin that was started and is asked about itself. Nothing is done in its name. */
export interface Introspection {
  /** Calls an export; undefined where it is missing or fails. @param input @default none */
  ask(name: string, input?: Uint8Array): Promise<Uint8Array | undefined>;
  /** The same of an export that takes arguments. */
  askWith(name: string, args: readonly WireValue[]): Promise<readonly WireValue[] | undefined>;
  /** Names of all that it exports. */
  exports(): Promise<readonly string[]>;
  /** What it imports. */
  imports(): Promise<readonly Pick<ImportFact, 'module' | 'name'>[]>;
  /** Whether its guest can wait for functions of the page. */
  readonly canWait: boolean;
  /** Takes one sentence for the plugin's log. */
  note(text: string): void;
}
