import { buildAssemblyScript, packZip } from '../../scripts/plugin-builders.mjs';

/** What the playground says about it, and the package that it installs. */
export const example = {
  name: 'Stand-up',
  hostile: false,
  sentence: 'A Windshift plugin as it is: routes, events, mail and a page of its own.',
  package: 'dist/standup.zip',
};

export default async () => {
  await buildAssemblyScript(import.meta.dirname);
  await packZip(import.meta.dirname);
};
