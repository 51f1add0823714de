// Plugins that an app takes from a catalog when it starts: what it trusts is installed, and all else that is new or other than before
// waits for somebody's yes. Whoever can put something into a bucket has no say in what runs.

import { openDatabase } from '../database/open-database.ts';
import { ClocheError } from '../errors.ts';
import type { PluginSource } from '../package/package-source.ts';
import type { PluginSignature } from '../trust/trust.ts';
import { dispose } from '../util/dispose.ts';
import { givenOptions, isPlainObject } from '../util/given-options.ts';
import type { ListedPlugin, PluginCatalog } from './catalog.ts';
import { missing } from './read-listed.ts';

/** As much of a host as it takes. */
export interface InstallingHost {
  get(id: string): object | undefined;
  review(
    source: PluginSource,
    options: { readonly id: string; readonly replace: 'keep' },
  ): Promise<{ readonly sha256: string; readonly signature: PluginSignature }>;
  install(
    source: PluginSource,
    options: { readonly id: string; readonly replace: 'keep'; readonly sha256: string; readonly catalog: string },
  ): Promise<unknown>;
}

export interface SourceTrust {
  /** Names of publishers that the host knows by its own `trust`: what they have signed is installed. */
  publishers?: readonly string[];
  /** SHA-256 of packages, 64 hex digits. */
  hashes?: readonly string[];
}

export interface SourceOptions {
  /** The same as the host's. */
  storage: string;
  /** @default nothing: all waits */
  trust?: SourceTrust;
}

/**
 * `installed`: just now. `unchanged`: it was here already. `waiting`: it is new, or another than the one that is here, which runs
 * on. `failed`: see `error`; the one that is here runs on.
 */
export type SourceState = 'installed' | 'unchanged' | 'waiting' | 'failed';

export interface SourcePlugin extends ListedPlugin {
  readonly state: SourceState;
  /** Whether a plugin of this id is installed. */
  readonly isInstalled: boolean;
  /** Of its package; undefined where it was not looked at, or could not be. */
  readonly sha256: string | undefined;
  readonly signature: PluginSignature | undefined;
  readonly error: unknown;
}

/** What was found, and who may go on. */
export interface Source extends Disposable {
  /** In the order of the catalog. */
  readonly found: readonly SourcePlugin[];
  /**
   * Installs one that waits: exactly what was looked at.
   * @throws {ClocheError} HASH_MISMATCH where it is another by now; CATALOG_INVALID for one that does not wait; those of `host.install`
   */
  accept(id: string): Promise<void>;
  /** Looks again. @throws {ClocheError} those of `catalog.list`; then what was found stays */
  refresh(): Promise<void>;
}

const HASH = /^[0-9a-f]{64}$/;

/**
 * @throws {ClocheError} those of `catalog.list`, OPTION_INVALID. What is wrong with one plugin is in its entry, and stops no other
 */
export async function startSource(host: InstallingHost, catalog: PluginCatalog, given: SourceOptions): Promise<Source> {
  const { storage, trust } = givenOptions<SourceOptions>('`startSource`', given, { storage: true, trust: true });
  if (typeof storage !== 'string') throw invalid('Expected `storage` to be the name of that of the host');
  const trusted = trustedBy(trust);
  const known = new KnownPackages(storage, catalog.name);
  let found: readonly SourcePlugin[] = [];

  const installed = async (listed: ListedPlugin, source: PluginSource, sha256: string): Promise<void> => {
    await host.install(source, { id: listed.id, replace: 'keep', sha256, catalog: catalog.name });
    await known.put(listed, sha256);
  };

  const look = async (listed: ListedPlugin): Promise<SourcePlugin> => {
    const { id, revision } = listed;
    const isInstalled = host.get(id) !== undefined;
    const nothing = { ...listed, isInstalled, sha256: undefined, signature: undefined, error: undefined };
    try {
      const before = isInstalled ? await known.get(id) : undefined;
      if (before && revision !== undefined && before.revision === revision) {
        return { ...nothing, state: 'unchanged', sha256: before.sha256 };
      }
      const source = await catalog.read(id);
      const { sha256, signature } = await host.review(source, { id, replace: 'keep' });
      const facts = { ...nothing, sha256, signature };
      if (before?.sha256 === sha256) {
        await known.put(listed, sha256);
        return { ...facts, state: 'unchanged' };
      }
      if (!trusted(sha256, signature)) return { ...facts, state: 'waiting' };
      await installed(listed, source, sha256);
      return { ...facts, isInstalled: true, state: 'installed' };
    } catch (error) {
      return { ...nothing, state: 'failed', error };
    }
  };

  const refresh = async (): Promise<void> => {
    const listed = await catalog.list();
    const all: SourcePlugin[] = [];
    // One after the other: a bucket of a thousand plugins is not read at once.
    for (const one of listed) all.push(await look(one));
    found = all;
  };

  const source: Source = {
    get found() {
      return found;
    },
    async accept(id) {
      const waiting = found.find((one) => one.id === id && one.state === 'waiting');
      if (waiting?.sha256 === undefined) throw missing(catalog.name, id);
      await installed(waiting, await catalog.read(id), waiting.sha256);
      found = found.map((one) => (one === waiting ? { ...one, isInstalled: true, state: 'installed' as const } : one));
    },
    refresh,
    [dispose]: () => known.close(),
  };
  try {
    await refresh();
  } catch (thrown) {
    source[dispose]();
    throw thrown;
  }
  return source;
}

/** @throws {ClocheError} OPTION_INVALID */
function trustedBy(given: SourceTrust | undefined): (sha256: string, signature: PluginSignature) => boolean {
  const { publishers = [], hashes = [] } = givenOptions<SourceTrust>('`trust`', given, {
    publishers: true,
    hashes: true,
  });
  if (!Array.isArray(publishers) || !publishers.every((name) => typeof name === 'string')) {
    throw invalid('Expected `trust.publishers` to be names of publishers');
  }
  if (!Array.isArray(hashes) || !hashes.every((hash) => typeof hash === 'string' && HASH.test(hash))) {
    throw invalid('Expected `trust.hashes` to be SHA-256 as 64 lower-case hex digits');
  }
  const [byName, byHash] = [new Set<string>(publishers), new Set<string>(hashes)];
  return (sha256, { state, publisher }) =>
    byHash.has(sha256) || (state === 'signed' && publisher !== undefined && byName.has(publisher));
}

interface KnownPackage {
  readonly revision: string | undefined;
  readonly sha256: string;
}

/** What was installed of a catalog, by id. */
class KnownPackages {
  readonly #database;

  constructor(storage: string, catalog: string) {
    this.#database = openDatabase(storage, `${storage}-source-${catalog}`, 'packages');
  }

  /** Undefined also for what cannot be read: then it is looked at again. @throws {ClocheError} STORAGE_FAILED */
  async get(id: string): Promise<KnownPackage | undefined> {
    const stored = await this.#database.transact('readonly', (objects) => objects.get(id));
    const { revision, sha256 } = isPlainObject(stored) ? stored : {};
    if (typeof sha256 !== 'string') return undefined;
    return { revision: typeof revision === 'string' ? revision : undefined, sha256 };
  }

  /** @throws {ClocheError} STORAGE_FAILED */
  put({ id, revision }: ListedPlugin, sha256: string): Promise<void> {
    return this.#database.transact('readwrite', async (objects) => objects.put({ revision, sha256 }, id));
  }

  close(): void {
    this.#database.close();
  }
}

function invalid(message: string): ClocheError {
  return new ClocheError('OPTION_INVALID', message);
}
