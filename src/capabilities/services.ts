// What capabilities do, apart from the form in which their own functions offer it: a dialect with functions of its own for the
// same things builds them on this. Grants, policy, quota and the record of host calls are the capability's, in any form.

import type { Contributions } from '../manifest/contributions.ts';
import type { Relay } from '../relay/relay.ts';
import type { WireValue } from '../runtime/wire/protocol.ts';
import type { DatabaseList, RowList, TableList } from '../sql/view/view.ts';
import type { HostCallContext, HostFunction } from './host-function.ts';
import type { KvAccess } from './kv/kv-store.ts';

/** Whose data it is. */
export type KvOwner = Pick<HostCallContext['plugin'], 'installation' | 'temporary'>;

/** What sets how much a plugin may keep. */
export type KvRules = Pick<HostCallContext, 'grant' | 'policy' | 'limits'>;

export interface KvService {
  /** Reads or writes what the plugin keeps, after what came before; `run` awaits nothing else. */
  use<T>(context: HostCallContext, run: (store: KvAccess) => Promise<T>): Promise<T>;
  /** Whether it was stored; false, with a line in the log, over the quota. */
  set(key: string, value: Uint8Array, context: HostCallContext): Promise<boolean>;
}

/** All that plugins keep at once, for whoever takes it along. */
export interface KvData {
  /** In bytes, keys and values together. */
  quota(rules: KvRules): number;
  /** All that is kept, at one time. @throws {ClocheError} STORAGE_FAILED */
  read(owner: KvOwner): Promise<ReadonlyMap<string, Uint8Array>>;
  /**
   * Puts this in the place of all that is kept, in one step.
   * @param replaced called once that is stored, before any host call that has waited for it
   * @returns what was kept until then: no host call writes between its reading and `replaced`
   * @throws {ClocheError} QUOTA_EXCEEDED, STORAGE_FAILED: then what was there still is
   */
  replace(
    owner: KvOwner,
    values: ReadonlyMap<string, Uint8Array>,
    rules: KvRules,
    replaced: () => void,
  ): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** All files that a plugin keeps, as plain data. */
export interface AllFiles {
  /** By root, as `src/files/volume/tree.ts` writes one; the bytes of a file are called by their place in `contents`. */
  readonly trees: object;
  readonly contents: readonly Uint8Array[];
}

/** As {@link KvData}, for files. */
export interface FilesData {
  /** All that is stored, at one time. @throws {ClocheError} STORAGE_FAILED */
  readAll(owner: KvOwner): Promise<AllFiles>;
  /**
   * Puts these in the place of all that is kept, in one step.
   * @param meanwhile begins when all but that step is done: where it fails nothing was changed
   * @throws {ClocheError} DATA_INVALID, QUOTA_EXCEEDED, STORAGE_FAILED, and what `meanwhile` throws: then what was there still is
   */
  replaceAll(
    owner: KvOwner,
    files: AllFiles,
    limits: { readonly storageBytes: number },
    meanwhile: () => Promise<void>,
  ): Promise<void>;
}

/** As {@link KvData}, for SQL databases that are kept by the page. */
export interface DatabasesData {
  /** What all of them may have together, in bytes. */
  readonly quotaBytes: number;
  /** Each that has anything, by its name. @throws {ClocheError} STORAGE_FAILED, BUSY, FETCH_FAILED */
  readAll(owner: DatabasesOwner): Promise<ReadonlyMap<string, Uint8Array>>;
  /**
   * Puts these in the place of all that are kept.
   * @param meanwhile begins when that is done
   * @throws {ClocheError} DATA_INVALID, QUOTA_EXCEEDED, STORAGE_FAILED, BUSY, FETCH_FAILED, and what `meanwhile` throws: then what was
   * there still is
   */
  replaceAll(
    owner: DatabasesOwner,
    databases: ReadonlyMap<string, Uint8Array>,
    meanwhile: () => Promise<void>,
  ): Promise<void>;
}

/** SQL databases as people look at them: nothing is written, and none is opened for a list. */
export interface DatabasesView {
  /** That a database may have. */
  readonly names: readonly string[];
  /** @param grant of the plugin, undefined where it has none. What it may not use (any more) is listed if something is stored of it. */
  list(owner: DatabasesOwner, grant: { readonly value: unknown } | undefined): Promise<DatabaseList>;
  /** @throws {ClocheError} BUSY, ABORTED, STORAGE_FAILED, START_FAILED, RELAY_FAILED, FETCH_FAILED, and what the database refuses */
  tables(owner: DatabasesOwner, database: string, part: CheckedPart): Promise<TableList>;
  /** @throws as {@link tables}; OPTION_INVALID where there is no such table */
  rows(
    owner: DatabasesOwner,
    database: string,
    table: { readonly schema: string; readonly name: string },
    part: CheckedPart,
  ): Promise<RowList>;
}

export interface CheckedPart {
  readonly offset: number;
  readonly signal: AbortSignal | undefined;
}

export type DatabasesOwner = KvOwner & { readonly plugin: { readonly id: string; readonly version: string } };

export interface HttpService {
  /**
   * Sends what the grant and the policy cover, under the caps.
   * @param request `url`, and perhaps `method` and `headers`: not checked yet
   * @returns the answer as `http/answer.ts` packs it
   */
  send(request: unknown, body: Uint8Array, context: HostCallContext, rules: SendRules): Promise<Uint8Array>;
  /** Whether plugins may see the headers of an answer where their dialect leaves that to the app. */
  readonly responseHeaders: boolean;
}

export interface SendRules {
  /** How long it may take at most. */
  readonly timeoutMs: number;
  readonly withHeaders: boolean;
}

/** A capability that only a server can give. */
export interface RelayService {
  /** Undefined where none is configured. */
  readonly relay: Relay | undefined;
  /** Why it takes one, as a sentence. */
  readonly needsServer: string;
}

/** What an app gives to plugins of an editor. */
export interface EditorService {
  /** Commands of the app itself, by name. */
  readonly commands: ReadonlyMap<string, AppCommand>;
  readonly settings: EditorSettings;
  /** The versions of its API that are served. @default all that are known */
  readonly apiVersions?: ReadonlyMap<number, ApiVersion>;
}

/** A version of an API, as an app serves it. */
export interface ApiVersion {
  /** What authors are told whose plugins are for it, such as what to use in its place. @default nothing */
  readonly deprecated?: string;
  /** The day on which it goes, such as `2027-06-30`: for messages. @default it stays */
  readonly until?: string;
}

/**
 * A command of the app, which plugins may run that were granted it.
 * @param args JSON values, with spaces between them
 * @returns what the plugin gets, where that is text; or a promise of it
 */
export type AppCommand = (args: string, context: Pick<HostCallContext, 'plugin' | 'signal'>) => unknown;

/** Settings of the app, by names such as `text.tab-size`. */
export interface EditorSettings {
  /** Anything that JSON can hold; undefined where it is not set. Of `plugin.…` it has to be given at once, not promised. */
  get(name: string): unknown;
  set(name: string, value: unknown): unknown;
}

export type DocumentContext = Pick<HostCallContext, 'plugin' | 'signal'> & {
  /** Whose they are, by the plugin's word. */
  readonly tenantId: string;
};

/** A document that a plugin wants kept. All but its content is the plugin's word. */
export interface UploadedDocument {
  readonly file: File;
  readonly electionEventId: string | undefined;
  /** Of the document that it is to take the place of. */
  readonly documentId: string | undefined;
  readonly isPublic: boolean;
}

/** What an app does with documents for its plugins; what is not here fails with the error of its function. */
export interface DocumentService {
  /** The content of a document, by its row as the plugin has it. */
  load?(row: Readonly<Record<string, unknown>>, context: DocumentContext): Promise<Blob>;
  /** Keeps one, and gives its row: what JSON can hold. */
  upload?(document: UploadedDocument, context: DocumentContext): Promise<unknown>;
  /** The results below a folder: what JSON can hold. */
  tallyResults?(folder: string, context: Pick<HostCallContext, 'plugin' | 'signal'>): Promise<unknown>;
  /**
   * The number that OpenSSL gives the kind of key in a PKCS #12 file, such as 6 for RSA and 408 for EC. What it throws is an error of
   * `get-pk12-id` and `create-server-signature`.
   */
  keyType?(file: Blob, password: string, context: Pick<HostCallContext, 'plugin' | 'signal'>): Promise<number>;
  /** URL below which public files are found, such as `https://files.example/public`. */
  publicFiles?: string;
}

/** Of one capability. */
export interface CapabilityServices {
  readonly kv?: KvService;
  readonly kvData?: KvData;
  readonly http?: HttpService;
  readonly files?: FilesService;
  readonly filesData?: () => Promise<FilesData>;
  readonly databasesData?: DatabasesData;
  readonly databasesView?: () => Promise<DatabasesView>;
  /** Bytes of databases that are elsewhere, and go into no file. */
  readonly databasesElsewhere?: (installation: string) => Promise<number>;
  /** Its lines are those of `context.log`. */
  readonly log?: true;
  readonly relay?: RelayService;
  readonly editor?: EditorService;
  readonly documents?: DocumentService;
}

/** What a plugin does to its host beside its own calls. */
export interface LiveHost {
  /** Runs a command, see `host.run`. */
  run(name: string, args: string, options: { readonly signal?: AbortSignal }): Promise<string>;
  /** Tells plugins of an event. */
  emit(event: string, payload: unknown): Promise<unknown>;
  /** A plugin, by its id. */
  get(id: string): LivePlugin | undefined;
}

export interface LivePlugin {
  /** Another for the next plugin of its id. */
  readonly installation: string;
  /**
   * One more instance of its guest, in a worker of its own.
   * @param args what that reads
   * @param signal of whoever asks: none starts once that is aborted, and one that has started is theirs to end
   * @throws {ClocheError} QUOTA_EXCEEDED for too many; ABORTED
   */
  startBackground(args: string, signal: AbortSignal): Promise<{ readonly started: Promise<void>; end(): void }>;
  callWith(name: string, args: readonly WireValue[]): Promise<readonly WireValue[]>;
}

/** What became of a file that was asked for by its path. `missing` is also what cannot be opened or kept. */
export type FileAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: 'denied' | 'missing' };

export interface FilesService {
  /**
   * What workers of programs with WASI ask for files by: a dialect with functions of its own for `files` hands it on as
   * `{ ...operate, name: FILES_FUNCTION, capability: 'files' }`.
   */
  readonly operate: HostFunction;
  /** The whole of a file. @throws {ClocheError} STORAGE_FAILED */
  read(path: string, context: HostCallContext): Promise<FileAnswer<Uint8Array>>;
  /** In the place of what it held; creates it in a folder that is there. @throws {ClocheError} STORAGE_FAILED */
  write(path: string, content: Uint8Array, context: HostCallContext): Promise<FileAnswer<undefined>>;
}

/** What a plugin adds to its host while it runs. */
export interface LiveContributions {
  readonly host: LiveHost;
  /** Called with each command that is run by its name, whoever runs it. */
  readonly ran: Set<(name: string, args: string) => void>;
  /**
   * Adds to what the plugin contributes, until it is taken back, or the plugin's worker ends.
   * @param plugin its id
   * @param contributed as `liveContributions` of `manifest/read-contributions.ts` has checked it
   * @returns takes it back
   */
  add(plugin: string, contributed: Contributions): () => void;
}

/** Those of all capabilities that a host offers, by the capability's name. */
export type Services = ReadonlyMap<string, CapabilityServices>;

/** A host function of a dialect, in place of those that the capability has itself. */
export interface DialectFunction extends HostFunction {
  readonly name: string;
  /** Whoever is granted this may call it. */
  readonly capability: string;
  /** Part of a change in several steps: a plugin that imports it runs in one tab at a time, see `lock` of a capability. @default false */
  readonly exclusive?: boolean;
}
