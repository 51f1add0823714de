// The SQL databases of a plugin, for a person to look at. Comes late: only a person asks.

import type { Perform } from '../../audit/act.ts';
import type { Capability } from '../../capabilities/capability.ts';
import type { CheckedPart, DatabasesOwner, DatabasesView } from '../../capabilities/services.ts';
import { ClocheError, messageOf } from '../../errors.ts';
import { closed } from '../../runtime/runner-errors.ts';
import { SqlError } from '../../sql/sql-driver.ts';
import type { DatabaseList, DatabaseTable, PartOptions, RowList, TableList } from '../../sql/view/view.ts';
import { checkSignal, givenOptions, oneOf, wholeNumber } from '../../util/given-options.ts';

const MOST_OFFSET = 100_000;

/** Whose databases they are. */
interface Keeper {
  readonly id: string;
  readonly installation: string;
  readonly state: string;
  readonly manifest: { readonly id: string; readonly version: string };
  readonly settings: { readonly temporary: boolean };
  readonly grants: ReadonlyMap<string, unknown>;
}

/**
 * What a plugin has in SQL databases. Names and values are its own words: show them as text, with what turns or hides made visible.
 * A look at tables or rows waits as a call does while the plugin has a transaction open, and can change nothing.
 */
export class PluginDatabases {
  readonly #plugin: Keeper;
  readonly #capability: string;
  readonly #view: DatabasesView;
  readonly #perform: Perform;

  /** @internal From `plugin.databases()`. */
  constructor(plugin: Keeper, capability: string, view: DatabasesView, perform: Perform) {
    this.#plugin = plugin;
    this.#capability = capability;
    this.#view = view;
    this.#perform = perform;
  }

  /**
   * Those that it may use, or has used. None is opened and nothing is loaded for this; what could not be found out is told by `problem`.
   * @throws {ClocheError} CLOSED, FETCH_FAILED
   */
  async list(): Promise<DatabaseList> {
    const { grants } = this.#plugin;
    const grant = grants.has(this.#capability) ? { value: grants.get(this.#capability) } : undefined;
    return this.#view.list(this.#owner, grant);
  }

  /**
   * A hundred tables of one, with how many rows they have. Opens it where it is not open, for which `programBytes` of the list are loaded first.
   * @param database its name
   * @throws {ClocheError} BUSY where a call has it for too long; FORBIDDEN, OPTION_INVALID, STORAGE_FAILED, START_FAILED, RELAY_FAILED,
   * FETCH_FAILED, CLOSED; PLUGIN_ERROR for what the database refuses
   */
  async tables(database: string, options?: PartOptions): Promise<TableList> {
    const name = oneOf('database', database, this.#view.names);
    const part = checkedPart('tables', options);
    return this.#look(name, () => this.#view.tables(this.#owner, name, part));
  }

  /**
   * Fifty rows of a table, each value as text and cut to 200 characters.
   * @param table of {@link tables}
   * @throws {ClocheError} as {@link tables}; ABORTED where it takes too long, such as of a view
   */
  async rows(database: string, table: Pick<DatabaseTable, 'schema' | 'name'>, options?: PartOptions): Promise<RowList> {
    const name = oneOf('database', database, this.#view.names);
    const checked = checkedTable(table);
    const part = checkedPart('rows', options);
    return this.#look(name, () => this.#view.rows(this.#owner, name, checked, part));
  }

  async #look<T>(database: string, work: () => Promise<T>): Promise<T> {
    const { id } = this.#plugin;
    return this.#perform({ name: 'readDatabase', plugin: id, given: { database } }, async () => {
      try {
        return await work();
      } catch (thrown) {
        // What the database says is no error of ours, and may be the plugin's words.
        if (!(thrown instanceof SqlError)) throw thrown;
        const message = `The SQL database "${database}" of plugin "${id}" refuses: ${messageOf(thrown)}`;
        throw new ClocheError('PLUGIN_ERROR', message, { plugin: id, cause: thrown });
      }
    });
  }

  get #owner(): DatabasesOwner {
    const { id, installation, state, manifest, settings } = this.#plugin;
    if (state === 'closed') throw closed(id);
    return { installation, temporary: settings.temporary, plugin: { id: manifest.id, version: manifest.version } };
  }
}

/** Undefined where the host offers none. */
export async function databasesOf(
  plugin: Keeper,
  { capabilities, perform }: { readonly capabilities: readonly Capability[]; readonly perform: Perform },
): Promise<PluginDatabases | undefined> {
  for (const { name, services } of capabilities) {
    if (services?.databasesView) return new PluginDatabases(plugin, name, await services.databasesView(), perform);
  }
  return undefined;
}

/** Nothing but its two names is read of it. */
function checkedTable(given: unknown): { readonly schema: string; readonly name: string } {
  const { schema, name } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof schema === 'string' && typeof name === 'string') return { schema, name };
  throw new ClocheError('OPTION_INVALID', 'Expected `table` to have a schema and a name, as `tables()` gives them');
}

function checkedPart(place: string, given: PartOptions | undefined): CheckedPart {
  const { offset, signal } = givenOptions<PartOptions>(`\`${place}\``, given, { offset: true, signal: true });
  checkSignal(signal);
  return { offset: wholeNumber('offset', offset ?? 0, 0, MOST_OFFSET), signal };
}
