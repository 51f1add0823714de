// From what a version of a plugin asks for to what a person is shown and may tick. Pure, and a specification by its test: what may be
// had comes first, the riskiest before the others, and what is said already by something wider is not said again.

import type { PermissionChange, PluginRequest, PluginReview, Risk, Sentence } from '../../../index.ts';
import { implies, isLimit, withoutImplied } from './implied.ts';

/** A sentence, and what becomes of it: `lifted` is a limit that falls away, `limited` one that is new. */
export interface SaidSentence {
  readonly sentence: Sentence;
  readonly change: 'none' | 'added' | 'kept' | 'dropped' | 'limited' | 'lifted';
}

/** One capability that may be allowed, or is already. */
export interface ConsentLine {
  readonly capability: string;
  readonly risk: Risk;
  /** The plugin runs without, and asks when it needs it. */
  readonly optional: boolean;
  /** No tick: every plugin has it. */
  readonly fixed: boolean;
  /** Whether it begins ticked: what is needed and is no high risk. */
  readonly ticked: boolean;
  readonly sentences: readonly SaidSentence[];
  /** Only a server can do it, and this page has none. */
  readonly needsServer: Sentence | undefined;
  /** The plugin's own words. */
  readonly reason: string | undefined;
  /** What a yes gives, as a grant has it. */
  readonly scope: unknown;
}

export interface DeniedLine {
  readonly capability: string;
  readonly sentence: Sentence;
  readonly reason: string | undefined;
}

export interface ConsentText {
  /** What is to be decided. */
  readonly offered: readonly ConsentLine[];
  /** Of an update: what stays as it is. */
  readonly kept: readonly ConsentLine[];
  /** Of an update: what it may do no more. */
  readonly dropped: readonly ConsentLine[];
  /** What it asks for and cannot have here. */
  readonly denied: readonly DeniedLine[];
}

/** What of a review is looked at. */
export type ReviewedRequests = Pick<PluginReview, 'requests' | 'changes' | 'replaces'>;

const RISKS: readonly Risk[] = ['high', 'medium', 'low'];

/** @param decides whether anybody may give more than the plugin has by itself: if not, only that is offered */
export function consentText({ requests, changes, replaces }: ReviewedRequests, decides = true): ConsentText {
  const isHad = (request: PluginRequest): boolean => isOffered(request) && (decides || request.granted);
  const denied = requests.flatMap((request) => deniedOf(request, isHad(request) ? request.unmet : allOf(request)));
  const given = requests.filter(isHad);
  const changeOf = new Map(changes.map((change) => [change.capability, change]));
  if (replaces === undefined) {
    const offered = given.map((request) => lineOf(request, changeOf.get(request.capability))).filter(saysSomething);
    return { offered: offered.sort(byRisk), kept: [], dropped: [], denied };
  }
  const requestOf = new Map(given.map((request) => [request.capability, request]));
  // What is refused whatever somebody says is no question to them.
  const refused = new Set(requests.filter((request) => !isOffered(request)).map(({ capability }) => capability));
  const changed = (change: PermissionChange): ConsentLine =>
    changedLine(change, requestOf.get(change.capability)?.needsServer);
  return {
    offered: changes
      .filter((change) => isMore(change) && !refused.has(change.capability))
      .map(changed)
      .filter(saysSomething)
      .sort(byRisk),
    dropped: changes
      .filter((change) => !isMore(change))
      .map(changed)
      .sort(byRisk),
    kept: given
      .filter(({ capability, granted }) => granted && !changeOf.has(capability))
      .map((request) => lineOf(request, undefined))
      .filter(saysSomething)
      .sort(byRisk),
    denied,
  };
}

/** What a version may do more than another, where nobody is asked again for each: all that it may, where that is not known. */
export function gainsOf(changes: readonly PermissionChange[]): readonly SaidSentence[] {
  return changes.filter(isMore).flatMap(({ sentences }) => {
    const said = difference(sentences);
    const gained = said.filter(({ change }) => change === 'added' || change === 'lifted');
    return gained.length > 0 ? gained : said.filter(({ change }) => change !== 'dropped');
  });
}

/** What a question for an optional permission shows. */
export function questionLine(request: PluginRequest): ConsentLine {
  return lineOf(request, undefined);
}

/**
 * What has to be changed of what a plugin gets without a word: it loses what it needs and was not ticked, and is given what is optional
 * and was. By capability, for a grant of `{ '+': changes }`.
 */
export function changesBy(offered: readonly ConsentLine[], ticked: ReadonlySet<string>): Record<string, unknown> {
  const entries = offered.flatMap(({ capability, optional, fixed, scope }): [string, unknown][] => {
    const isTicked = ticked.has(capability);
    if (fixed || isTicked !== optional) return [];
    return [[capability, isTicked ? (scope ?? true) : false]];
  });
  return Object.fromEntries(entries);
}

/** What is needed and not ticked. */
export function missingOf(offered: readonly ConsentLine[], ticked: ReadonlySet<string>): readonly ConsentLine[] {
  return offered.filter(({ capability, optional, fixed }) => !optional && !fixed && !ticked.has(capability));
}

/** Every plugin may write to its log: without one nobody could see what it does. */
const ALWAYS = 'log';

function lineOf(request: PluginRequest, change: PermissionChange | undefined): ConsentLine {
  const said = withoutImplied(request.sentences, (sentence) => sentence);
  const sentences = said.map((sentence): SaidSentence => ({ sentence, change: 'none' }));
  return lineWith(request, { sentences, needsServer: request.needsServer, scope: change?.after });
}

function changedLine(change: PermissionChange, needsServer: Sentence | undefined): ConsentLine {
  return lineWith(change, { sentences: difference(change.sentences), needsServer, scope: change.after });
}

/** What a request and a change of one have in common. */
type Asked = Pick<PluginRequest & PermissionChange, 'capability' | 'risk' | 'optional' | 'reason'>;

function lineWith(
  { capability, risk, optional, reason }: Asked,
  rest: Pick<ConsentLine, 'sentences' | 'scope' | 'needsServer'>,
): ConsentLine {
  return {
    capability,
    risk,
    optional,
    fixed: capability === ALWAYS,
    ticked: !optional && risk !== 'high',
    reason,
    ...rest,
  };
}

/**
 * What is new, what stays and what goes: of which nothing is new that something else has said before, and nothing goes that something
 * wider still allows.
 */
function difference(changes: PermissionChange['sentences']): SaidSentence[] {
  const read = changes.map(({ change, ...sentence }) => ({ sentence, change }));
  const after = read.filter(({ change }) => change !== 'dropped');
  const before = read.filter(({ change }) => change !== 'added');
  const isSaidIn = (all: typeof read, sentence: Sentence): boolean =>
    all.some((other) => implies(other.sentence, sentence));
  const stays = withoutImplied(after, ({ sentence }) => sentence).map(({ sentence }): SaidSentence => {
    return { sentence, change: isSaidIn(before, sentence) ? 'kept' : isLimit(sentence) ? 'limited' : 'added' };
  });
  const goes = withoutImplied(before, ({ sentence }) => sentence)
    .filter(({ sentence }) => !isSaidIn(after, sentence))
    .map(({ sentence }): SaidSentence => ({ sentence, change: isLimit(sentence) ? 'lifted' : 'dropped' }));
  // A limit that goes allows more, and one that comes less.
  const order: readonly SaidSentence['change'][] = ['lifted', 'added', 'kept', 'limited', 'dropped'];
  return [...stays, ...goes].sort((a, b) => order.indexOf(a.change) - order.indexOf(b.change));
}

function isMore({ kind }: PermissionChange): boolean {
  return kind === 'added' || kind === 'widened';
}

function isOffered({ status }: PluginRequest): boolean {
  return status === 'granted' || status === 'partly';
}

/** What is optional may still be asked for when it is needed, so it is not refused. */
function allOf({ status, optional, sentences, unmet }: PluginRequest): readonly Sentence[] {
  return optional && status === 'granted' ? [] : [...sentences, ...unmet];
}

function deniedOf({ capability, reason }: PluginRequest, sentences: readonly Sentence[]): DeniedLine[] {
  return sentences.map((sentence) => ({ capability, sentence, reason }));
}

/** Where nothing of what is asked for can be had, nothing is left to decide: only the plugin's own words would stand beside the tick. */
function saysSomething({ sentences }: ConsentLine): boolean {
  return sentences.length > 0;
}

function byRisk(a: ConsentLine, b: ConsentLine): number {
  return RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk) || Number(a.optional) - Number(b.optional);
}
