import { loadChunk } from '../../../util/load-chunk.ts';

export type { FaultyFolder, ServerData, ServerFolder, ServerPlugin } from '../../../dialects/take-over/take-over.ts';

/**
 * What reads a server's plugin folder and the export of what its plugins keep: `pluginsInFolder` and `dataInExport`.
 * @throws {ClocheError} FETCH_FAILED
 */
export const takeOver = () => loadChunk(() => import('../../../dialects/take-over/take-over.ts'));
