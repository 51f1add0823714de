// What plugins of a Windshift server keep, as rows of its table `plugin_kv_store` in JSON: the server has no export of its own, and
// the tools of its databases write this. docs/admin.md has the commands.

import { writeDataFile } from '../../capabilities/kv/data-file.ts';
import { ClocheError, messageOf } from '../../errors.ts';
import { shown } from '../../util/text/shown.ts';

/** What one plugin keeps. */
export interface ServerData {
  readonly keys: number;
  /** What `plugin.importData` takes, of a plugin of this id. */
  readonly file: Blob;
}

const MOST_BYTES = 64 << 20;

/**
 * All of it or nothing: of an export with one row that is none, nothing is given.
 * @returns by the plugin's name
 * @throws {ClocheError} DATA_INVALID for anything but whole rows of that table; START_FAILED outside secure contexts
 */
export async function dataInExport(file: Blob): Promise<ReadonlyMap<string, ServerData>> {
  const plugins = new Map<string, Map<string, Uint8Array>>();
  for (const [index, row] of (await rowsOf(file)).entries()) {
    const { plugin, key, value } = checkedRow(row, index);
    const kv = plugins.get(plugin) ?? new Map<string, Uint8Array>();
    if (kv.has(key)) throw invalid(`has the key ${shown(key)} of plugin ${shown(plugin)} twice`);
    plugins.set(plugin, kv.set(key, new TextEncoder().encode(value)));
  }
  const exportedAt = Date.now();
  const made = [...plugins].map(async ([name, kv]): Promise<[string, ServerData]> => {
    const bytes = await writeDataFile({ plugin: { id: name, name, version: '' }, exportedAt, kv });
    return [name, { keys: kv.size, file: new Blob([bytes]) }];
  });
  return new Map(await Promise.all(made));
}

async function rowsOf(file: Blob): Promise<readonly unknown[]> {
  if (file.size > MOST_BYTES) throw invalid(`is larger than ${MOST_BYTES} bytes`);
  let rows: unknown;
  try {
    rows = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()));
  } catch (cause) {
    throw invalid(`cannot be read as JSON: ${messageOf(cause)}`, cause);
  }
  if (!Array.isArray(rows)) throw invalid('is no list of rows');
  return rows;
}

function checkedRow(row: unknown, index: number): { plugin: string; key: string; value: string } {
  const columns: Readonly<Record<string, unknown>> = Object.assign(Object.create(null), row);
  const text = (column: string, least: number): string => {
    const value = columns[column];
    // Half of a character would be stored as another one.
    if (typeof value === 'string' && value.length >= least && isWellFormed(value)) return value;
    throw invalid(`has a row, number ${index + 1}, whose \`${column}\` is no text; nothing of it was taken`);
  };
  return { plugin: text('plugin_name', 1), key: text('key', 1), value: text('value', 0) };
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function invalid(problem: string, cause?: unknown): ClocheError {
  return new ClocheError('DATA_INVALID', `The export ${problem}`, { cause });
}
