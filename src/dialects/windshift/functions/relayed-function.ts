// A host function that ends at a relay (WS8, WS18): JSON in and out as Go has it, checked here as far as that needs no
// service.

import type { HostCallContext, HostFunction } from '../../../capabilities/host-function.ts';
import type { RelayService } from '../../../capabilities/services.ts';
import { ClocheError } from '../../../errors.ts';
import { claimsOf } from '../../../manifest/claims.ts';
import { isLate, LATE, RelayError } from '../../../relay/relay-error.ts';
import type { JsonValue } from '../../../util/json/json-value.ts';
import { goFunction } from '../go/host-function.ts';
import { type GoType, writeGoJson } from '../go/json.ts';

/** How every answer begins; the rest is the function's. */
interface Answer {
  readonly status: string;
  readonly error: string;
}

/** One host function in the words of its contract: texts are what the plugin hears. */
interface RelayedFunction<Q extends object, A extends Answer> {
  readonly request: GoType<Q>;
  readonly answer: GoType<A>;
  /** No JSON, or of other types; `cause` in Go's words. Undefined: offset 0. */
  malformed(cause: string): string | undefined;
  /** No block of memory at all. @default offset 0 */
  readonly unreadable?: string;
  /** What the contract checks before it needs a service, in its order. */
  refuse(request: Q): string | undefined;
  /** No relay. */
  readonly unserved: string;
  /**
   * What must not leave this page, whatever the relay would say to it.
   * @throws {ClocheError} PERMISSION_DENIED
   */
  guard?(request: Q, context: HostCallContext): string | undefined;
  /** Fields that are sent also when they are empty. @default none */
  readonly always?: readonly (keyof Q)[];
  /** What the plugin hears of an answer with status `ok`, in the contract's order; undefined where it is none. */
  accept(answer: A): object | undefined;
  /** The same of a failure. @param answer undefined where there was none */
  fail(error: string, answer?: A): object;
  /** Time is over. @default that of the relay */
  readonly late?: string;
  /** Never sent twice. @default false */
  readonly once?: boolean;
}

const MOST_ERROR_LENGTH = 4_096;

/** A function for the relay of its capability. */
export type OfferedBy = (offer: RelayService & { readonly capability: string; readonly fn: string }) => HostFunction;

/** A host function that ends at a relay. The order of its checks is that of the contract. */
export function relayedFunction<Q extends object, A extends Answer>(spec: RelayedFunction<Q, A>): OfferedBy {
  const { request, answer, unserved, late, once = false } = spec;
  const accept = (given: A): object | undefined => {
    if (given.status === 'ok') return spec.accept(given);
    const isFailure = given.status === 'error' && given.error !== '';
    return isFailure ? spec.fail(given.error.slice(0, MOST_ERROR_LENGTH), given) : undefined;
  };
  const refused = (error: string | undefined): object | null =>
    error === undefined ? null : spec.fail(error, answer.zero());
  return ({ capability, fn, needsServer, relay }) =>
    goFunction<Q>({
      request,
      async call(asked, context) {
        const refusal = spec.refuse(asked);
        if (refusal !== undefined) return refused(refusal);
        if (context.describing) return spec.fail('no plugin context');
        if (!relay) throw new ClocheError('NEEDS_SERVER', needsServer);
        const guarded = spec.guard?.(asked, context);
        if (guarded !== undefined) return refused(guarded);
        const { plugin, signal, remainingMs } = context;
        const args = await writeGoJson(filled(asked, spec.always ?? []));
        const read = (result: JsonValue): object | undefined => accept(answer.read(result, ''));
        const claims = claimsOf(context.context);
        return relay.call({ capability, fn, plugin, claims, args, read, once, signal, remainingMs });
      },
      malformed: (cause) => refused(spec.malformed(cause)),
      unreadable: refused(spec.unreadable),
      failed(error) {
        if (error.code === 'NEEDS_SERVER') return spec.fail(unserved);
        if (late !== undefined && isLate(error)) return spec.fail(late);
        if (error instanceof RelayError) return spec.fail(error.heard);
        return spec.fail(error.code === 'HOST_TIMEOUT' ? LATE : error.message);
      },
    });
}

/** As Go leaves out what is empty. */
function filled<Q extends object>(request: Q, always: readonly (keyof Q)[]): object {
  return Object.fromEntries(
    Object.entries(request).filter(([key, value]) => always.includes(key as keyof Q) || !isEmpty(value)),
  );
}

function isEmpty(value: unknown): boolean {
  if (value instanceof Map) return value.size === 0;
  return Array.isArray(value) ? value.length === 0 : !value;
}

/** Blank as Go's `TrimSpace` sees it. */
export function isBlank(text: string): boolean {
  return /^\p{White_Space}*$/u.test(text);
}

export function isId(value: number): boolean {
  return value > 0;
}
