// The part of Windshift that is loaded with the first plugin that needs it.

import { loadChunk } from '../../util/load-chunk.ts';

export const loadCode = () => loadChunk(() => import('./code.ts'));

/** Of routes, assets and the admin API, which plugins of other dialects of ours have as well. */
export const loadHttp = async () => (await loadCode()).http;
