// From what a plugin asks for, what the user gives and what the host allows, to what it gets.

import type { Capability } from '../capabilities/capability.ts';
import { ClocheError, messageOf } from '../errors.ts';

import { didYouMean, entriesOf, isPlainObject } from '../util/given-options.ts';
import { copyData } from '../util/json/untrusted-json.ts';
import { isSame } from '../util/same-data.ts';
import { visibleText } from '../util/text/visible-text.ts';
import { changedKeys, overridden } from './override.ts';
import { ALWAYS_GRANTED, type Policy, type RequestQuestion, requestsOf, satisfied } from './requests.ts';

/** What a user grants: see {@link resolveGrants}. */
export type Grant = 'manifest' | 'all' | 'none' | Readonly<Record<string, unknown>>;

export interface GrantQuestion extends RequestQuestion {
  readonly grant: Grant;
  /** Optional requests that somebody has said yes to. @default none */
  readonly accepted?: readonly AcceptedRequest[];
}

/** A yes to an optional request, and to the scope that was shown: to that alone. */
export interface AcceptedRequest {
  readonly capability: string;
  /** As the request gave it when it was accepted. */
  readonly scope: unknown;
}

/** Told of what cannot be read, which is then not granted. */
type Unreadable = (error: unknown) => void;

const refuse: Unreadable = (error) => {
  throw error;
};

/**
 * What a plugin may use: the scope by capability's name, undefined for all of it. What is not in the
 * map is denied. `false` in the policy removes a capability whatever the grant says; a scope in the
 * policy is not applied here but at each call, as a second check.
 *
 * | grant | gives |
 * | --- | --- |
 * | `'manifest'` | what the plugin needs, and what somebody has said yes to of the rest, by the rules of its dialect: in Cloche's own only by `permissions`, in others also by importing a function of a capability |
 * | `'all'` | every capability on offer, `http` for every public host |
 * | `'none'` | only `log` |
 * | an object | exactly what it names, asked for or not: `true`, `false`, or a scope |
 * | `{ '+': { … } }` | what `'manifest'` gives, with these changes: of a capability all of it is replaced; with a `+` before its name, and before keys in it, merged, see `override.ts` |
 *
 * Of `clock` and `wasi`, which every plugin has, what is not named is had, and `false` leaves the least.
 *
 * @param unreadable for what must go on with what can be read. @default throws
 * @throws {ClocheError} OPTION_INVALID for a grant that names an unknown capability or has a bad scope;
 * MANIFEST_INVALID for a bad scope in a manifest.
 */
export function resolveGrants(question: GrantQuestion, unreadable = refuse): Map<string, unknown> {
  const { capabilities, grant, policy } = question;
  const changes = changesIn(grant);
  const granted =
    grant === 'manifest' || changes ? fromManifest(question, unreadable) : fromGrant(grant, capabilities, unreadable);
  if (changes) change(granted, changes, capabilities, unreadable);
  for (const name of granted.keys()) {
    if (policy.get(name) === false) granted.delete(name);
  }
  if (capabilities.some(({ name }) => name === ALWAYS_GRANTED)) granted.set(ALWAYS_GRANTED, undefined);
  return granted;
}

/**
 * Reads the policy of a host, once.
 * @throws {ClocheError} OPTION_INVALID for an unknown capability, a bad scope, and for forbidding `log`.
 */
export function checkedPolicy(policy: unknown, capabilities: readonly Capability[]): Policy {
  const checked = new Map<string, unknown>();
  for (const [name, value] of entriesOf('policy', policy === undefined ? {} : copyOf('policy', policy))) {
    const path = `policy.${visibleText(name, 64)}`;
    const capability = offered(name, path, capabilities);
    if (name === ALWAYS_GRANTED && value === false) {
      throw invalid('`policy.log` cannot be false; `logLevel: "off"` silences plugins');
    }
    // `true` allows the capability without a limit, also where a grant's `true` is narrower than that.
    if (value !== undefined && value !== true) checked.set(name, scopeFrom(value, path, capability));
  }
  return checked;
}

/**
 * A copy of a grant, checked and not applied: what the app does with its object afterwards grants nothing.
 * @throws {ClocheError} OPTION_INVALID as {@link resolveGrants} does.
 */
export function checkedGrant(grant: unknown, capabilities: readonly Capability[]): Grant {
  if (grant === 'manifest') return grant;
  const copy = copyOf('grant', grant);
  const changes = changesIn(copy);
  if (changes) checkChanges(copy, changes, capabilities);
  else fromGrant(copy, capabilities);
  return copy as Grant;
}

/** Whether what it gives depends on what a manifest asks for: another manifest may ask for more. */
export function followsManifest(grant: Grant): boolean {
  return grant === 'manifest' || changesIn(grant) !== undefined;
}

/** The capabilities about which a grant says something itself, where it follows the manifest otherwise. */
export function ownWordsOf(grant: Grant): ReadonlySet<string> {
  return changedKeys(changesIn(grant) ?? {});
}

/** Those of a scope can be read beside what they change alone; here, beside nothing. */
function checkChanges(grant: unknown, changes: Readonly<Record<string, unknown>>, capabilities: readonly Capability[]) {
  const [other] = Object.keys(grant as object).filter((key) => key !== '+');
  if (other !== undefined)
    throw invalid(`Expected \`grant\` to hold \`+\` alone, not also "${visibleText(other, 64)}"`);
  change(new Map(), changes, capabilities, refuse);
}

function changesIn(grant: unknown): Readonly<Record<string, unknown>> | undefined {
  const changes = isPlainObject(grant) ? grant['+'] : undefined;
  return isPlainObject(changes) ? changes : undefined;
}

/** What was not given of a request, as every host of http, is not given by a change beside it either. */
function change(
  granted: Map<string, unknown>,
  changes: Readonly<Record<string, unknown>>,
  capabilities: readonly Capability[],
  unreadable: Unreadable,
): void {
  const before = Object.fromEntries([...granted].map(([name, scope]) => [name, scope ?? true]));
  const after = overridden(before, changes);
  const own = Object.fromEntries([...changedKeys(changes)].map((name) => [name, after[name]]));
  for (const name of Object.keys(own)) granted.delete(name);
  for (const [name, scope] of fromGrant(own, capabilities, unreadable)) granted.set(name, scope);
}

/** Plain data of its own, each value read once. @throws {ClocheError} OPTION_INVALID for anything else */
export function copyOf(name: string, value: unknown): unknown {
  try {
    return (copyData({ [name]: value }, { getters: true }) as Record<string, unknown>)[name];
  } catch (cause) {
    throw new ClocheError('OPTION_INVALID', messageOf(cause), { cause });
  }
}

function fromManifest(question: GrantQuestion, unreadable: Unreadable): Map<string, unknown> {
  const granted = new Map<string, unknown>();
  for (const request of requestsOf(question)) {
    if (request.offered === undefined) continue;
    const isGiven = !request.optional || isAccepted(request, question.accepted);
    const { none } = request.offered.scope ?? {};
    if (!isGiven && none === undefined) continue;
    try {
      granted.set(request.capability, isGiven ? satisfied(request, question).scope : none);
    } catch (error) {
      unreadable(error);
    }
  }
  return granted;
}

/** What every plugin has that names nothing else of it, by capability: all of it. */
export function hadAnyway(capabilities: readonly Capability[]): Map<string, unknown> {
  return new Map(
    capabilities.flatMap(({ name, scope }): [string, unknown][] =>
      scope?.none === undefined ? [] : [[name, scope.all]],
    ),
  );
}

/** A version that asks for something else of it asks again. */
export function isAccepted({ capability, scope }: AcceptedRequest, accepted: readonly AcceptedRequest[] = []): boolean {
  return accepted.some((one) => one.capability === capability && isSame(one.scope, scope));
}

function fromGrant(
  grant: unknown,
  capabilities: readonly Capability[],
  unreadable: Unreadable = refuse,
): Map<string, unknown> {
  if (grant === 'none') return new Map();
  if (grant === 'all') {
    const anyway = hadAnyway(capabilities);
    return new Map(capabilities.filter(({ name }) => !anyway.has(name)).map(({ name, scope }) => [name, scope?.all]));
  }
  if (!isPlainObject(grant))
    throw invalid('Expected `grant` to be "manifest", "all", "none" or an object by capability');
  const granted = new Map<string, unknown>();
  for (const [name, value] of Object.entries(grant)) {
    const path = `grant.${visibleText(name, 64)}`;
    try {
      const capability = offered(name, path, capabilities);
      const scope = scopeFrom(value, path, capability);
      if (value !== undefined && scope !== false) granted.set(name, scope);
    } catch (error) {
      unreadable(error);
    }
  }
  return granted;
}

function scopeFrom(value: unknown, path: string, { scope }: Capability): unknown {
  if (value === false) return scope?.none ?? false;
  if (value === true || value === undefined) return scope?.all;
  if (!scope) throw invalid(`Expected \`${path}\` to be true or false: it has no scope`);
  try {
    return scope.parse(value, path);
  } catch (cause) {
    throw new ClocheError('OPTION_INVALID', messageOf(cause), { cause });
  }
}

function offered(name: string, path: string, capabilities: readonly Capability[]): Capability {
  const found = capabilities.find((capability) => capability.name === name);
  if (found) return found;
  const names = capabilities.map((capability) => capability.name);
  const offer = names.join(', ') || 'none';
  throw invalid(
    `\`${path}\` names no capability of this host.${didYouMean(name.slice(0, 64), names)} It offers ${offer}`,
  );
}

function invalid(message: string): ClocheError {
  return new ClocheError('OPTION_INVALID', message);
}
