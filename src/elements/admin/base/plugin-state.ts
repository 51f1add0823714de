// The state of a plugin as every admin element shows it: one shape, one word, one colour.

import { html, type TemplateResult } from 'lit';
import type { ClocheError } from '../../../errors.ts';
import '../../state/state.ts';
import type { Words } from '../../words/words.ts';
import type { AdminPlugin } from './admin-host.ts';
import { mono } from './theirs.ts';

type Stateful = Pick<AdminPlugin, 'state'> & Partial<Pick<AdminPlugin, 'stats'>>;

/** Why the last start of a plugin failed. */
export function startFailure({ state, stats }: Stateful): ClocheError | undefined {
  return state === 'failed' ? stats?.startError : undefined;
}

export function pluginState(words: Words, { state }: Stateful): TemplateResult {
  return html`<cloche-state part="state" .state=${state} .word=${words.say(`state.${state}`)}></cloche-state>`;
}

/** Of what cannot be read at all. */
export function unreadableState(words: Words): TemplateResult {
  return html`<cloche-state part="state" .state=${'quarantined'} .word=${words.say('state.unreadable')}></cloche-state>`;
}

/** What the plugin calls itself, or its id where that is nothing. */
export function nameOf({ id, manifest }: Pick<AdminPlugin, 'id'> & { readonly manifest: Named }): string {
  return shownName({ id, name: manifest.name });
}

interface Named {
  readonly name: string;
}

/** The same of a package, or of whoever asks. */
export function shownName({ id, name }: Pick<AdminPlugin, 'id'> & Named): string {
  return name.trim() || id;
}

/** A version as it stands behind that word. Some have no number. */
export function versionText(words: Words, version: string, shown = mono(version, 40)): TemplateResult | string {
  return version ? shown : words.say('shared.noNumber');
}

/** Whom a signature is of, in a sentence. */
export function signatureText(words: Words, { signature }: Pick<AdminPlugin, 'signature'>, publisher: string): string {
  return signature.state === 'signed'
    ? words.say('signature.signed', { publisher })
    : words.say(`signature.${signature.state}`);
}

/** Bytes that capabilities keep for an installation; undefined where one of them does not say. */
export async function storedBytes(
  capabilities: readonly {
    wipe?(installation: string): Promise<void>;
    usage?(installation: string): Promise<number>;
  }[],
  installation: string,
): Promise<number | undefined> {
  const keeping = capabilities.filter((capability) => capability.wipe);
  const sizes = await Promise.all(keeping.map((capability) => capability.usage?.(installation)));
  return sizes.reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
}
