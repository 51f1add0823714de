// What is taken over from a server, in one chunk.

export { dataInExport, type ServerData } from './kv-export.ts';
export { type FaultyFolder, pluginsInFolder, type ServerFolder, type ServerPlugin } from './plugin-folder.ts';
