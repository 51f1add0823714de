// What plugins are called by, in storage, addresses and grants.

/** Of plugins, and of what they contribute. */
export const PLUGIN_ID = /^[A-Za-z0-9_-]{1,64}$/;

export function isPluginId(value: unknown): value is string {
  return typeof value === 'string' && PLUGIN_ID.test(value);
}

/** What an id may be, for messages. */
export const ID_RULE = '1 to 64 letters, digits, "_" or "-"';

/** Names that files have whatever is in them: as ids, they would give one plugin the data of another. */
const GENERIC = new Set(['main', 'plugin', 'index', 'module', 'wasm', 'manifest', 'download']);

/**
 * An id made of a name, or undefined when the name has nothing to make one of.
 * @param dialect of the plugin: a file that is called like it says nothing either
 */
export function idFromName(name: string | undefined, dialect?: string): string | undefined {
  const id = (name ?? '')
    .slice(0, 200)
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
  const lower = id.toLowerCase();
  return id === '' || GENERIC.has(lower) || lower === dialect ? undefined : id;
}
