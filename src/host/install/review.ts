// What somebody should see before a plugin or an update is installed. Nothing of it runs. Comes late: only a person asks.

import { permissionChanges } from '../../permissions/changes.ts';
import { resolveGrants } from '../../permissions/grants.ts';
import { checkRequests, requestsWithGrants } from '../../permissions/requests.ts';
import { newInstallation } from '../../registry/installation-id.ts';
import { describedSignature } from '../../trust/trust.ts';
import type { HostContext } from '../host-context.ts';
import type { Plugin } from '../plugin.ts';
import type { AskedInstall } from './asked-install.ts';
import type { PluginReview } from './plugin-review.ts';
import { readPlugin } from './read-plugin.ts';
import { changesOf, grantedTo, takesOver, trialSettings, updateOf } from './updates.ts';

/** @param installed of the id that the package turns out to have */
export async function review(
  context: HostContext,
  asked: AskedInstall,
  installed: (id: string) => Promise<Plugin | undefined>,
): Promise<PluginReview> {
  const { options } = asked;
  const { manifest, settings, files, sha256 } = await readPlugin(asked, context);
  const before = options.replace === 'wipe' ? undefined : await installed(manifest.id);
  if (before) takesOver(context, before, before.settings, settings.signature);
  const unstored = { installedAt: undefined, installation: newInstallation(), temporary: true, pending: undefined };
  const trial = context.make(
    manifest,
    before ? trialSettings(before.settings, updateOf(settings, options)) : { ...settings, ...unstored },
    files,
  );
  try {
    await trial.inspect(options.signal);
    checkRequests(trial.question);
    const changes = await permissionChanges(
      before && (await grantedTo(before, options.signal)),
      await grantedTo(trial, options.signal),
    );
    const { signature } = trial;
    return { manifest, sha256, signature, requests: trial.requests(), changes, replaces: before?.manifest.version };
  } finally {
    await trial.close();
  }
}

/** Of the update that waits; undefined where none does. */
export async function reviewPending(context: HostContext, plugin: Plugin): Promise<PluginReview | undefined> {
  const { pending } = plugin.settings;
  if (!pending) return undefined;
  const { manifest, sha256, signature, imports } = pending;
  await context.dialects.load(manifest.dialect);
  const { grant, accepted } = { ...plugin.settings, ...changesOf(pending, context) };
  const before = await grantedTo(plugin);
  const question = {
    ...before,
    manifest,
    dialect: context.dialects.get(manifest.dialect),
    importedFunctions: imports.map(([module, name]) => ({ module, name, kind: 'function' as const })),
    grant,
    accepted,
  };
  return {
    manifest,
    sha256,
    signature: describedSignature(signature, context.publishers),
    requests: requestsWithGrants(
      question,
      resolveGrants(question, () => undefined),
    ),
    changes: await permissionChanges(before, question),
    replaces: plugin.manifest.version,
  };
}
