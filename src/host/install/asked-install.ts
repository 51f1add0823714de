// What is to be installed and what the options set for it, taken in the very task in which the app says so: what it does with
// its objects afterwards changes nothing.

import { givenLimits } from '../../limits.ts';
import { givenConfig, type InstallOptions, pluginIsolation } from '../../options.ts';
import { OwnSource } from '../../package/own-source.ts';
import type { PluginSource } from '../../package/package-source.ts';
import { checkedGrant } from '../../permissions/grants.ts';
import type { HostContext } from '../host-context.ts';
import type { PluginSettings } from '../settings/plugin-settings.ts';

export interface AskedInstall {
  readonly source: OwnSource;
  readonly options: InstallOptions;
  readonly settings: Pick<PluginSettings, 'grant' | 'limits' | 'isolation'>;
  /** A copy. Only its manifest says what it may be. */
  readonly config: unknown;
}

/** @throws {ClocheError} OPTION_INVALID; SOURCE_INVALID, PACKAGE_REJECTED, MANIFEST_INVALID for what cannot be copied */
export function askedInstall(
  source: PluginSource,
  options: InstallOptions,
  { capabilities, limits }: Pick<HostContext, 'capabilities' | 'limits'>,
): AskedInstall {
  const { grant = 'manifest' } = options;
  const settings = {
    grant: checkedGrant(grant, capabilities),
    limits: givenLimits(options.limits),
    isolation: pluginIsolation(options),
  };
  return { source: OwnSource.of(source, limits), options, settings, config: givenConfig(options.config) };
}
