// Back to the version before, with the grants and the config that it had. Its data is the plugin's, and stays as it is.

import { ClocheError } from '../../errors.ts';
import { type PreviousVersion, readPrevious } from '../../registry/read-versions.ts';
import { plainManifest } from '../../registry/stored-manifest.ts';
import { sha256 } from '../../util/hash/sha256.ts';
import { isSame } from '../../util/same-data.ts';
import type { HostContext } from '../host-context.ts';
import type { Plugin } from '../plugin.ts';
import { settingsOf } from '../storage/registry-sync.ts';
import type { PreviousReview } from './plugin-review.ts';
import { reviewOf } from './review.ts';
import { tryOut } from './try-out.ts';
import { swap, takesOver, trialSettings } from './updates.ts';

/** What is kept, as it was found, and what it says. */
interface Found extends PreviousVersion {
  readonly stored: unknown;
  /** Of its package, or, where that is not known, of what is stored of it. */
  readonly pin: string;
}

/** @throws {ClocheError} STORAGE_FAILED where it is kept and cannot be read; SIGNER_CHANGED */
export async function reviewPrevious(context: HostContext, plugin: Plugin): Promise<PreviousReview | undefined> {
  const found = await find(context, plugin);
  if (!found) return undefined;
  const trial = await makeTrial(context, plugin, found);
  try {
    return { ...(await reviewOf(trial, { sha256: found.pin, before: plugin })), replacedAt: found.replacedAt };
  } finally {
    await trial.close();
  }
}

/**
 * @param pinned hash of the version that was shown; undefined for whichever is kept
 * @throws {ClocheError} ROLLBACK_UNAVAILABLE; STORAGE_FAILED; SIGNER_CHANGED; START_FAILED and others of `host.install`: nothing is
 * changed then
 */
export async function rollBack(context: HostContext, plugin: Plugin, pinned: string | undefined): Promise<void> {
  const found = await find(context, plugin);
  if (!found) throw unavailable(plugin, 'Nothing is kept that plugin could go back to');
  if (pinned !== undefined && pinned !== found.pin) throw unavailable(plugin, 'Another version is kept than was shown');
  const { record, stored } = found;
  // A module is read again before it starts. A file of its pages that is missing would only show later.
  for (const asset of record.manifest.assets) await context.registry.files.asset(plugin.id, asset);
  const trial = await makeTrial(context, plugin, found);
  await tryOut(trial, context, undefined);
  await swap(context, plugin, trial, {
    action: 'rolled-back',
    sha256: found.sha256,
    change: (newest) => takesOver(context, plugin, newest, record.signature) && settingsIn(found, context),
    checkVersions(now) {
      if (!isSame(now, stored)) throw unavailable(plugin, 'Another version was installed meanwhile');
    },
  });
}

async function find({ registry }: HostContext, plugin: Plugin): Promise<Found | undefined> {
  const { versions: stored } = await registry.versions(plugin.id);
  const previous = readPrevious(stored, plugin);
  if (!previous) return undefined;
  const text = JSON.stringify(plainManifest(previous.record.manifest));
  return { ...previous, stored, pin: previous.sha256 ?? (await sha256(new TextEncoder().encode(text))) };
}

async function makeTrial(context: HostContext, plugin: Plugin, found: Found): Promise<Plugin> {
  const { manifest, signature, missing } = found.record;
  takesOver(context, plugin, plugin.settings, signature);
  await context.dialects.load(manifest.dialect, missing);
  const files = await context.registry.files.of({ manifest });
  return context.make(manifest, trialSettings(plugin.settings, settingsIn(found, context)), files);
}

/** What comes back with it. Whether it is switched on was never the version's. */
function settingsIn({ record, sha256: hash }: Found, context: HostContext) {
  const { grant, accepted, config, limits, isolation, missing, signature } = settingsOf(record, context);
  const sha256 = context.trust.keepsHash ? hash : undefined;
  return { grant, accepted, config, limits, isolation, missing, signature, sha256, quarantined: false };
}

function unavailable({ id }: Plugin, what: string): ClocheError {
  return new ClocheError('ROLLBACK_UNAVAILABLE', `${what} ("${id}"); look at its \`previous()\``, { plugin: id });
}
