import { buildAssemblyScript } from '../../scripts/plugin-builders.mjs';

/** What the playground says about it. */
export const example = { hostile: false, sentence: 'Fetches over HTTP, from the one site that it was granted.' };

export default () => buildAssemblyScript(import.meta.dirname);
