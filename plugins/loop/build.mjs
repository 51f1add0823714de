import { buildWat } from '../../scripts/plugin-builders.mjs';

/** What the playground says about it. */
export const example = { hostile: true, sentence: 'Never returns: its worker is killed at the deadline.' };

export default () => buildWat(import.meta.dirname);
