// What is done with a package around its consent: it is reviewed as it would be installed, and an update takes its place with what was said.

import { ClocheError } from '../../../errors.ts';
import type { InstallOptions, PluginReview, PluginSource } from '../../../index.ts';
import type { AdminHost, AdminPlugin } from '../base/admin-host.ts';

export interface Reviewed {
  readonly review: PluginReview;
  /** With what it is to be installed. */
  readonly options: InstallOptions;
  /** Whether a person may decide on each permission. */
  readonly decides: boolean;
}

/** What nobody provides is shown for what it is, and the plugin may be installed without. */
export async function reviewOf(host: AdminHost, source: PluginSource, options: InstallOptions): Promise<Reviewed> {
  try {
    return await reviewFor(host, source, options);
  } catch (thrown) {
    const mayBeStubbed = options.missing === undefined && codeOf(thrown) === 'IMPORT_MISSING';
    if (!mayBeStubbed) throw thrown;
    return reviewFor(host, source, { ...options, missing: 'stub' });
  }
}

/**
 * Whoever may decide on no permissions installs with what the app has settled for the plugin, or with nothing. What is settled is
 * nobody's to decide, and only a grant that is refused tells of it.
 */
async function reviewFor(host: AdminHost, source: PluginSource, options: InstallOptions): Promise<Reviewed> {
  const isDecided = options.grant !== undefined;
  if (isDecided) return { review: await host.review(source, options), options, decides: false };
  const without: InstallOptions = { ...options, grant: 'none' };
  const decides = host.may('grant');
  try {
    const review = await host.review(source, without);
    if (!decides) return { review, options: without, decides };
  } catch (thrown) {
    const isSettled = codeOf(thrown) === 'GRANT_FIXED' || codeOf(thrown) === 'FORBIDDEN';
    if (!isSettled) throw thrown;
    return { review: await host.review(source, options), options, decides: false };
  }
  return { review: await host.review(source, options), options, decides };
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof ClocheError ? thrown.code : undefined;
}

/** What was not ticked is taken away before the update takes its place, and what is new is given once it has. */
export async function accept(
  plugin: AdminPlugin,
  { sha256 }: PluginReview,
  changes: Record<string, unknown>,
): Promise<void> {
  const refused = Object.fromEntries(Object.entries(changes).filter(([, scope]) => scope === false));
  await amend(plugin, refused);
  await plugin.accept(sha256);
  // An update that was staged with a grant of its own has that now.
  await amend(plugin, changes);
}

export async function amend(plugin: AdminPlugin, changes: Record<string, unknown>): Promise<void> {
  if (Object.keys(changes).length > 0) await plugin.amend(changes);
}
