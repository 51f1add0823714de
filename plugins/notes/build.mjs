import { buildAssemblyScript } from '../../scripts/plugin-builders.mjs';

/** What the playground says about it. */
export const example = { hostile: false, sentence: 'Stores notes that outlive its worker and the page.' };

export default () => buildAssemblyScript(import.meta.dirname);
