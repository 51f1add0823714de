import { ClocheError } from '../errors.ts';

/** Names every way on: none of them may be taken without somebody having chosen it. */
export function alreadyInstalled(id: string): ClocheError {
  return new ClocheError(
    'ALREADY_INSTALLED',
    `A plugin "${id}" is there already; pass \`replace: true\` or \`replace: 'keep'\` to update it with its data, ` +
      "`replace: 'wipe'` to start empty, or another `id`",
    { plugin: id },
  );
}
