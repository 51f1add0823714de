// Puts what an entry always loads into one chunk. Left to itself the bundler makes a chunk of whatever the entry shares with a
// late one: some twenty small files, each of them requested, linked and compressed by itself.

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/**
 * Groups for `output.codeSplitting`.
 * @param name of the chunk
 * @param entry file that always loads what is in it
 * @param beside entries of the same build: what these load as well is a chunk called `shared`
 */
export function entryChunks(name: string, entry: string, beside: readonly string[] = []) {
  const isShared = (id: string, graph: ModuleGraph): boolean =>
    beside.some((other) => alwaysLoaded(other, graph).has(id)) && alwaysLoaded(entry, graph).has(id);
  const initial = { tags: ['$initial' as const] };
  return [
    {
      ...initial,
      debugName: 'shared',
      priority: 1,
      name: (id: string, graph: ModuleGraph) => (isShared(id, graph) ? 'shared' : null),
    },
    {
      ...initial,
      debugName: name,
      name: (id: string, graph: ModuleGraph) => (alwaysLoaded(entry, graph).has(id) ? name : null),
    },
  ];
}

/** What it imports statically, and itself. */
function alwaysLoaded(entry: string, graph: ModuleGraph): ReadonlySet<string> {
  const found = new Set([entry]);
  // A set visits what is added on the way.
  for (const id of found) for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}
