import { buildComponent } from '../../scripts/plugin-builders.mjs';

/** What the playground says about it, and the component that it installs. */
export const example = {
  id: 'ledger',
  hostile: false,
  sentence: 'A component for Windmill: a hook, a route, a task, and transactions on a database.',
  package: 'dist/plugin.wasm',
  database: true,
};

export default () => buildComponent(import.meta.dirname);
