// The rules of installing: what an update keeps, and what refuses a second plugin of one id.

import { ClocheError } from './errors.ts';
import type { InstallOptions } from './options.ts';
import type { PluginSettings } from './plugin-surroundings.ts';

/** An update must not undo what a user decided: a revoked grant stays revoked, a plugin that is off stays off. */
export function keptSettings(before: PluginSettings, given: PluginSettings, options: InstallOptions): PluginSettings {
  return {
    grant: options.grant === undefined ? before.grant : given.grant,
    config: options.config === undefined ? before.config : given.config,
    limits: options.limits === undefined ? before.limits : given.limits,
    enabled: before.enabled,
    quarantined: false,
  };
}

export function alreadyInstalled(id: string): ClocheError {
  return new ClocheError(
    'ALREADY_INSTALLED',
    `A plugin "${id}" is there already; pass \`replace: true\` to update an installed one, or another \`id\``,
    {
      plugin: id,
    },
  );
}
