// What somebody should see before a plugin or an update is installed. Nothing of it runs. Comes late: only a person asks.

import type { InstallOptions } from '../../options.ts';
import { permissionChanges } from '../../permissions/changes.ts';
import { checkRequests, requestsWithGrants } from '../../permissions/describe-requests.ts';
import { resolveGrants } from '../../permissions/grants.ts';
import { newInstallation } from '../../registry/installation-id.ts';
import { describedSignature } from '../../trust/trust.ts';
import type { HostContext } from '../host-context.ts';
import type { Plugin } from '../plugin.ts';
import { decidedGrant } from '../settings/effective-settings.ts';
import type { PluginReview } from './plugin-review.ts';
import type { ReadPlugin } from './read-plugin.ts';
import { changesOf, grantedTo, takesOver, trialSettings, updateOf } from './updates.ts';

/** @param before the plugin that is installed under its id */
export async function review(
  context: HostContext,
  { manifest, settings, files, sha256 }: ReadPlugin,
  before: Plugin | undefined,
  options: InstallOptions,
): Promise<PluginReview> {
  if (before) takesOver(context, before, before.settings, settings.signature);
  const unstored = { installedAt: undefined, installation: newInstallation(), temporary: true, pending: undefined };
  const trial = context.make(
    manifest,
    before ? trialSettings(before.settings, updateOf(settings, options)) : { ...settings, ...unstored },
    files,
  );
  try {
    return await reviewOf(trial, { sha256, before, signal: options.signal });
  } finally {
    await trial.close();
  }
}

/** Of one that was made to look at. */
export async function reviewOf(
  trial: Plugin,
  { sha256, before, signal }: { sha256: string; before: Plugin | undefined; signal?: AbortSignal | undefined },
): Promise<PluginReview> {
  await trial.inspect(signal);
  checkRequests(trial.current.effective.question);
  const installed = before && (await grantedTo(before, signal));
  return {
    manifest: trial.manifest,
    sha256,
    signature: trial.signature,
    requests: trial.requests(),
    changes: await permissionChanges(installed, await grantedTo(trial, signal)),
    replaces: before?.manifest.version,
  };
}

/** Of the update that waits; undefined where none does. */
export async function reviewPending(context: HostContext, plugin: Plugin): Promise<PluginReview | undefined> {
  const { pending } = plugin.settings;
  if (!pending) return undefined;
  const { manifest, sha256, signature, imports, missing = plugin.missing } = pending;
  await context.dialects.load(manifest.dialect, missing);
  const decided = decidedGrant(
    context.trust,
    plugin.id,
    { ...plugin.settings, ...changesOf(pending, context) },
    context.dialects.get(manifest.dialect).rules.grant?.(manifest),
  );
  const before = await grantedTo(plugin);
  const dialect = context.dialects.get(manifest.dialect);
  const importedFunctions = imports.map(([module, name]) => ({ module, name, kind: 'function' as const }));
  const question = { ...before, manifest, dialect, importedFunctions, ...decided };
  const stubs = context.dialects.stubs(missing, manifest, importedFunctions);
  return {
    manifest,
    sha256,
    signature: describedSignature(signature, context.publishers),
    requests: [
      ...requestsWithGrants(
        question,
        resolveGrants(question, () => undefined),
      ),
      ...(stubs?.requests ?? []),
    ],
    changes: await permissionChanges(before, question),
    replaces: plugin.manifest.version,
  };
}
