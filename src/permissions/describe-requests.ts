// How to say what a plugin asks for on a consent page: riskiest first, and beside what it was granted.

import type { Capability, Risk } from '../capabilities/capability.ts';
import { asSentence, type Sentence, sentence } from '../capabilities/sentences.ts';
import { ClocheError, messageOf } from '../errors.ts';
import { visibleText } from '../util/text/visible-text.ts';
import {
  ALWAYS_GRANTED,
  importedOf,
  type KnownRequest,
  type RequestQuestion,
  requestsOf,
  satisfied,
} from './requests.ts';

export interface RequestDescription {
  /** From the manifest, made visible; show it as text. */
  readonly capability: string;
  readonly risk: Risk;
  /**
   * What the grant `'manifest'` makes of it: `partly` where `unmet` says what is missing, `forbidden`
   * by the policy, `unknown` where the host offers no such capability, `unreadable` where the capability's rule does
   * not take the scope: nothing is given then. That is refused at installation, so it is of a plugin that was installed
   * under another rule. `unasked` for what it imports and its manifest does not ask for: only a grant by hand gives it,
   * and until then its functions fail. `stubbed` for functions that it imports and nobody provides, under `missing: 'stub'`: no grant
   * gives them, and `capability` is their namespace.
   */
  readonly status: 'granted' | 'partly' | 'forbidden' | 'unknown' | 'unreadable' | 'unasked' | 'stubbed';
  /** What is given, riskiest first. Ours, though hosts in it are the plugin's. */
  readonly sentences: readonly Sentence[];
  /** What is asked for and not given. */
  readonly unmet: readonly Sentence[];
  /** Only a server can do it, and the host has none: why. Until then its functions answer with an error. */
  readonly needsServer: Sentence | undefined;
  /** The plugin's own words, made visible: show them as a quotation, and never as ours. */
  readonly reason: string | undefined;
  /** It is asked for when the plugin needs it, see the host's option `ask`; `status` says what a yes would give. */
  readonly optional: boolean;
  /** What is asked for, as a grant has it; undefined for all of the capability. */
  readonly scope: unknown;
}

/** A request beside what the plugin may do of it now, which a user decides. */
export interface PluginRequest extends RequestDescription {
  readonly granted: boolean;
  /** What it may do of it now, riskiest first. */
  readonly given: readonly Sentence[];
  /** What it asks for and may not do now. */
  readonly missing: readonly Sentence[];
}

export const RISKS: readonly Risk[] = ['high', 'medium', 'low'];

/** What a plugin asks for, riskiest first, and last what nobody gives. Never throws: one that cannot be read says so. */
export function describeRequests(question: RequestQuestion): RequestDescription[] {
  const requests = requestsOf(question).map((request) => describeRequest(request, question, () => undefined));
  return [...requests, ...unaskedOf(question)].sort((a, b) => order(a) - order(b));
}

/** What a plugin asks for beside what it was granted, by {@link describeRequests}. */
export function requestsWithGrants(question: RequestQuestion, grants: ReadonlyMap<string, unknown>): PluginRequest[] {
  return describeRequests(question).map((request) => {
    const capability = question.capabilities.find(({ name }) => name === request.capability);
    const granted = capability !== undefined && grants.has(capability.name) && isSomething(capability, grants);
    const given = granted ? sentencesOf(capability, grants.get(capability.name)) : [];
    const isAll = granted && (request.status === 'unasked' || isEverything(given, capability));
    const asked = isAll ? [] : [...request.sentences, ...request.unmet];
    return { ...request, granted, given, missing: asked.filter((one) => !isSaid(one, given)) };
  });
}

/** Not the least of what every plugin has all of otherwise. */
function isSomething({ name, scope }: Capability, grants: ReadonlyMap<string, unknown>): boolean {
  return scope?.none === undefined || grants.get(name) !== scope.none;
}

/** Whoever may do all that a capability has misses nothing that is asked for. */
function isEverything(given: readonly Sentence[], capability: Capability): boolean {
  return sentencesOf(capability, capability.scope?.all).every((one) => isSaid(one, given));
}

export function isSaid({ text }: Sentence, all: readonly Sentence[]): boolean {
  return all.some((one) => one.text === text);
}

/** What a scope of a capability gives, riskiest first. */
function describeScope(capability: Capability, scope: unknown): readonly Sentence[] {
  return capability.scope?.describe(scope).map(asSentence) ?? [summaryOf(capability)];
}

/** An app's rule may fail at what it took itself; then less is known of the grant, and the list stays. */
export function sentencesOf(capability: Capability, scope: unknown): readonly Sentence[] {
  try {
    return describeScope(capability, scope);
  } catch {
    return [summaryOf(capability)];
  }
}

/**
 * Whether all that a plugin asks for can be read, whatever is granted of it.
 * @throws {ClocheError} MANIFEST_INVALID for the first that cannot
 */
export function checkRequests(question: RequestQuestion): void {
  for (const request of requestsOf(question)) {
    describeRequest(request, question, (cause) => {
      throw new ClocheError('MANIFEST_INVALID', messageOf(cause), { plugin: question.manifest.id, cause });
    });
  }
}

/** What needs no grant is nothing to ask for. */
function unaskedOf(question: RequestQuestion): RequestDescription[] {
  const asked = new Set(requestsOf(question).map(({ capability }) => capability));
  return question.capabilities
    .filter(({ name }) => name !== ALWAYS_GRANTED && !asked.has(name))
    .flatMap((capability) => {
      const names = importedOf(capability, question).map(({ name }) => visibleText(name, 64));
      return names.length === 0 ? [] : [unasked(capability, names)];
    });
}

function unasked(
  { name: capability, risk = 'medium', needsServer }: Capability,
  functions: readonly string[],
): RequestDescription {
  return {
    capability,
    risk,
    status: 'unasked',
    sentences: [],
    unmet: [
      sentence(
        'unasked',
        'Imports {functions} and does not ask for {capability}: it fails unless that is allowed by hand.',
        { functions, capability },
      ),
    ],
    needsServer: needsServer === undefined ? undefined : asSentence(needsServer),
    reason: undefined,
    optional: false,
    scope: undefined,
  };
}

function describeRequest(
  request: KnownRequest,
  question: RequestQuestion,
  unreadable: (thrown: unknown) => void,
): RequestDescription {
  const { offered, optional = false, scope: askedScope } = request;
  const { risk = 'medium' } = offered ?? {};
  const needsServer = offered?.needsServer === undefined ? undefined : asSentence(offered.needsServer);
  const capability = visibleText(request.capability, 64);
  const reason = request.reason === undefined ? undefined : visibleText(request.reason, 2_000);
  const description = (
    status: RequestDescription['status'],
    sentences: readonly Sentence[],
    unmet: readonly Sentence[],
  ): RequestDescription => ({
    capability,
    risk,
    status,
    sentences,
    unmet,
    needsServer,
    reason,
    optional,
    scope: askedScope,
  });
  const notGiven = (status: RequestDescription['status'], why: Sentence): RequestDescription =>
    description(status, [], [why]);

  if (!offered)
    return notGiven(
      'unknown',
      sentence('asksUnknown', 'Asks for {capability}, which this site does not offer.', { capability }),
    );
  try {
    const { scope, unmet } = satisfied(request, question);
    const sentences = describeScope(offered, scope);
    if (question.policy.get(request.capability) === false) {
      return notGiven(
        'forbidden',
        sentence('asksForbidden', 'Asks for {capability}, which the policy of this site forbids.', { capability }),
      );
    }
    return description(unmet.length === 0 ? 'granted' : 'partly', sentences, unmet.map(asSentence));
  } catch (thrown) {
    unreadable(thrown);
    const why = visibleText(messageOf(thrown), 500);
    return notGiven(
      'unreadable',
      sentence('asksUnreadable', 'Asks for {capability} in a way that this site cannot read: {why}', {
        capability,
        why,
      }),
    );
  }
}

function summaryOf({ name, summary, functions }: Capability): Sentence {
  return asSentence(
    summary ??
      sentence('functions', 'Use {capability}: {functions}.', { capability: name, functions: [...functions.keys()] }),
  );
}

function order({ status, risk }: RequestDescription): number {
  const isGiven = status === 'granted' || status === 'partly';
  return isGiven ? RISKS.indexOf(risk) : RISKS.length;
}
