import { buildAssemblyScript } from '../../scripts/plugin-builders.mjs';

/** What the playground says about it. */
export const example = { hostile: false, sentence: 'Reads input and config, and keeps a var from call to call.' };

export default () => buildAssemblyScript(import.meta.dirname);
