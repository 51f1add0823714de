// What is done with a package around its consent: it is reviewed as it would be installed, and an update takes its place with what was said.

import { ClocheError } from '../../../errors.ts';
import type { InstallOptions, PluginReview, PluginSource } from '../../../index.ts';
import type { AdminHost, AdminPlugin } from '../base/admin-host.ts';
import type { PackageAnswer, PackageRequest } from './consent-events.ts';
import { changesBy, consentText } from './consent-text.ts';
import { turns } from './turns.ts';

/** Whoever asks a person. */
export interface Asking {
  /** What of a package is allowed; undefined for a no. */
  answered(request: PackageRequest, signal: AbortSignal | undefined): Promise<PackageAnswer | undefined>;
  /** From now on something of what was decided may have been done. */
  begun(): void;
}

/** Reviews a package, asks, and installs that one. @returns undefined for a no */
export async function install(
  host: AdminHost,
  source: PluginSource,
  options: InstallOptions,
  { answered, begun }: Asking,
): Promise<AdminPlugin | undefined> {
  const { review, options: used, decides } = await reviewOf(host, source, options);
  const text = consentText(review, decides);
  const kind = review.replaces === undefined ? 'install' : 'update';
  const isNew = kind === 'install' && options.data === undefined && host.may('install');
  const left = isNew ? (await host.orphans()).find(({ id }) => id === review.manifest.id) : undefined;
  const answer = await answered({ kind, review, text, decides, waits: false, left }, options.signal);
  if (!answer) return undefined;
  const changes = decides ? changesBy(text.offered, new Set(answer.allow)) : {};
  const grant = kind === 'install' && Object.keys(changes).length > 0 ? { '+': changes } : used.grant;
  const plugin = await turns.carryOut(() =>
    host.install(source, {
      ...used,
      sha256: review.sha256,
      ...(grant !== undefined && { grant }),
      ...(left && answer.data === 'keep' && { data: 'keep' }),
    }),
  );
  begun();
  const waits = plugin.pending?.sha256 === review.sha256;
  if (waits && decides) await turns.carryOut(() => accept(plugin, review, changes));
  else if (kind === 'update') await amend(plugin, changes);
  return plugin;
}

/** Reviews the update of a plugin that waits, asks, and accepts that one. @returns whether it was accepted */
export async function update(
  host: AdminHost,
  id: string,
  signal: AbortSignal,
  { answered, begun }: Asking,
): Promise<boolean> {
  const plugin = host.get(id);
  const review = await plugin?.review();
  if (!plugin || !review) return false;
  const text = consentText(review);
  const decides = host.may('grant');
  const answer = await answered({ kind: 'update', review, text, decides, waits: true, left: undefined }, signal);
  if (!answer || !decides) return false;
  const changes = changesBy(text.offered, new Set(answer.allow));
  if (Object.keys(changes).length > 0) begun();
  await turns.carryOut(() => accept(plugin, review, changes));
  return true;
}

interface Reviewed {
  readonly review: PluginReview;
  /** With what it is to be installed. */
  readonly options: InstallOptions;
  /** Whether a person may decide on each permission. */
  readonly decides: boolean;
}

/** What nobody provides is shown for what it is, and the plugin may be installed without. */
async function reviewOf(host: AdminHost, source: PluginSource, options: InstallOptions): Promise<Reviewed> {
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
async function accept(plugin: AdminPlugin, { sha256 }: PluginReview, changes: Record<string, unknown>): Promise<void> {
  const refused = Object.fromEntries(Object.entries(changes).filter(([, scope]) => scope === false));
  await amend(plugin, refused);
  await plugin.accept(sha256);
  // An update that was staged with a grant of its own has that now.
  await amend(plugin, changes);
}

async function amend(plugin: AdminPlugin, changes: Record<string, unknown>): Promise<void> {
  if (Object.keys(changes).length > 0) await plugin.amend(changes);
}
