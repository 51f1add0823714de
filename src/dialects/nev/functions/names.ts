// Capabilities of an editor, beside those that are also other plugins'.

/** What every plugin of an editor has: its own commands, events, registers and timers. */
export const EDITOR = 'editor';

/** To read and change settings of the app. */
export const SETTINGS = 'editor-settings';

/** To use an interface that the app implements, for one version of the API or for all. */
export function interfaceName(name: string, version: number | undefined): string {
  return `${EDITOR}-${name}${version === undefined ? '' : `-v${version}`}`;
}

/** The version that a capability is for; undefined for one that is for all. */
export function versionOf(capability: string): number | undefined {
  const [, version] = /^editor-.*-v(\d+)$/.exec(capability) ?? [];
  return version === undefined ? undefined : Number(version);
}
