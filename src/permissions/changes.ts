// What a plugin may do under one version and not under another, as data for a consent page. Comes late: only what looks at an
// update asks.

import type { Capability, Risk } from '../capabilities/capability.ts';
import type { Sentence } from '../capabilities/sentences.ts';
import { visibleText } from '../util/text/visible-text.ts';
import { type Allowed, allowedAnyway, allowedOf, asked, covers } from './allowed.ts';
import { describeRequests, isSaid, type RequestDescription, RISKS, sentencesOf } from './describe-requests.ts';
import { followsManifest, type GrantQuestion, ownWordsOf } from './grants.ts';
import { ALWAYS_GRANTED, requestsOf } from './requests.ts';

/** One capability of which a version may do something else than the one that it is compared with. */
export interface PermissionChange {
  /** From a manifest, made visible; show it as text. */
  readonly capability: string;
  /** `widened` also where it allows more in one respect and less in another, and where nobody can tell. */
  readonly kind: 'added' | 'widened' | 'narrowed' | 'dropped';
  readonly risk: Risk;
  /** The newer is not given it: it asks when it needs it. */
  readonly optional: boolean;
  /** What the newer may do of it, riskiest first, and after that what it may do no more. */
  readonly sentences: readonly SentenceChange[];
  /** What the newer asks for and does not get here, and the other did not ask for, one plain sentence each. */
  readonly unmet: readonly Sentence[];
  /** The scopes, as the capability's rule reads them: undefined for all of it, and where there is none. */
  readonly before: unknown;
  readonly after: unknown;
  /** The newer's own words, made visible: show them as a quotation, and never as ours. */
  readonly reason: string | undefined;
}

/** A plain sentence. Ours, though names in it are the plugin's. */
export type SentenceChange = Sentence & { readonly change: 'added' | 'kept' | 'dropped' };

/** One capability under one version. */
interface Side extends Allowed {
  readonly capability: Capability | undefined;
  readonly optional: boolean;
  readonly description: RequestDescription | undefined;
}

const KINDS: readonly PermissionChange['kind'][] = ['added', 'widened', 'narrowed', 'dropped'];

/**
 * Riskiest first; nothing of what stays as it is.
 * @param before of what is installed; undefined where nothing is
 * @param after of what is to take its place, under the grant that it would have
 */
export async function permissionChanges(
  before: GrantQuestion | undefined,
  after: GrantQuestion,
): Promise<PermissionChange[]> {
  const was = before ? sidesOf(before) : sidesAnyway(after);
  const is = sidesOf(after);
  const changes: PermissionChange[] = [];
  for (const name of new Set([...is.keys(), ...was.keys()])) {
    const kind = await kindOf(was.get(name), is.get(name));
    if (kind) changes.push(changeOf(name, kind, was.get(name), is.get(name)));
  }
  return changes.sort((a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk) || order(a) - order(b));
}

/** Of a plugin that was never there: what it would have without a word. */
function sidesAnyway({ capabilities }: GrantQuestion): Map<string, Side> {
  const sideOf = (name: string, allowed: Allowed): Side => ({
    ...allowed,
    capability: capabilities.find((one) => one.name === name),
    optional: false,
    description: undefined,
  });
  return new Map([...allowedAnyway(capabilities)].map(([name, allowed]) => [name, sideOf(name, allowed)]));
}

function sidesOf(question: GrantQuestion): Map<string, Side> {
  const { capabilities, grant } = question;
  const descriptions = new Map(describeRequests(question).map((one) => [one.capability, one]));
  const ownWords = ownWordsOf(grant);
  const isAskedFor = (name: string): boolean => followsManifest(grant) && !ownWords.has(name);
  const sides = new Map<string, Side>();
  const add = (name: string, allowed: Allowed, optional: boolean): void => {
    const capability = capabilities.find((one) => one.name === name);
    const description = isAskedFor(name) ? descriptions.get(visibleText(name, 64)) : undefined;
    if (name !== ALWAYS_GRANTED) sides.set(name, { ...allowed, capability, optional, description });
  };
  for (const [name, allowed] of allowedOf(question)) add(name, allowed, false);
  for (const request of requestsOf(question)) {
    const { capability: name, optional } = request;
    const allowed = optional && isAskedFor(name) && !sides.has(name) && asked(request, question);
    if (allowed) add(name, allowed, true);
  }
  return sides;
}

async function kindOf(was: Side | undefined, is: Side | undefined): Promise<PermissionChange['kind'] | undefined> {
  if (!was || (is && was.optional && !is.optional)) return 'added';
  if (!is) return 'dropped';
  if (is.optional && !was.optional) return 'narrowed';
  const hasMore = !(await holds(was, is));
  if (hasMore) return 'widened';
  return (await holds(is, was)) ? undefined : 'narrowed';
}

/** Whether one allows all that the other does. */
async function holds(outer: Side, inner: Side): Promise<boolean> {
  if (!inner.unmet.every((one) => isSaid(one, outer.unmet))) return false;
  return covers(outer.capability?.scope, outer.scope, inner.scope);
}

function changeOf(
  name: string,
  kind: PermissionChange['kind'],
  was: Side | undefined,
  is: Side | undefined,
): PermissionChange {
  const [before, after] = [givenBy(was), givenBy(is)];
  const knownUnmet = was?.description?.unmet ?? [];
  return {
    capability: visibleText(name, 64),
    kind,
    risk: (is ?? was)?.capability?.risk ?? 'medium',
    optional: is?.optional ?? false,
    sentences: [
      ...after.map((one) => ({ ...one, change: isSaid(one, before) ? ('kept' as const) : ('added' as const) })),
      ...before.filter((one) => !isSaid(one, after)).map((one) => ({ ...one, change: 'dropped' as const })),
    ],
    unmet: (is?.description?.unmet ?? []).filter((one) => !isSaid(one, knownUnmet)),
    before: was?.scope,
    after: is?.scope,
    reason: is?.description?.reason,
  };
}

/** What of it is given, or would be with a yes. */
function givenBy(side: Side | undefined): readonly Sentence[] {
  if (side?.description) return side.description.sentences;
  return side?.capability ? sentencesOf(side.capability, side.scope) : [];
}

function order({ kind }: PermissionChange): number {
  return KINDS.indexOf(kind);
}
