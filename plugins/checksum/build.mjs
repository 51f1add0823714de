import { buildComponent } from '../../scripts/plugin-builders.mjs';

/** What the playground says about it, and the component that it installs. */
export const example = {
  id: 'checksum',
  hostile: false,
  sentence: 'A component for Windmill: a hook, a route, and an export whose values have types.',
  package: 'dist/plugin.wasm',
};

export default () => buildComponent(import.meta.dirname);
