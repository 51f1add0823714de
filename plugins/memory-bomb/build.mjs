import { buildWat } from '../../scripts/plugin-builders.mjs';

/** What the playground says about it. */
export const example = { hostile: true, sentence: 'Takes memory until the host refuses more.' };

export default () => buildWat(import.meta.dirname);
