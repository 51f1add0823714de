// Puts what a file always loads into one chunk. Left to itself the bundler makes a chunk of whatever two others share: some
// twenty small files, each of them requested, linked and compressed by itself.

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** A group for `output.codeSplitting`. Of several groups that want a module the first gets it. */
export interface ChunkGroup {
  readonly debugName: string;
  readonly name: (id: string, graph: ModuleGraph) => string | null;
}

/** @param name of the chunk @param files that always load what is in it, each of them */
export function chunkOf(name: string, ...files: readonly string[]): ChunkGroup {
  return {
    debugName: name,
    name: (id, graph) => (files.some((file) => alwaysLoaded(file, graph).has(id)) ? name : null),
  };
}

/** What all the files always load. */
export function sharedChunk(name: string, files: readonly string[]): ChunkGroup {
  return {
    debugName: name,
    name: (id, graph) => (files.every((file) => alwaysLoaded(file, graph).has(id)) ? name : null),
  };
}

/** What it imports statically, and itself. */
function alwaysLoaded(file: string, graph: ModuleGraph): ReadonlySet<string> {
  const found = new Set([file]);
  // A set visits what is added on the way.
  for (const id of found) for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}
