// Functions of the page as the glue takes them: arguments leave as JSON, an answer comes back as JSON, checked by its declared type.

import { ClocheError, messageOf } from '../../src/errors.ts';
import type { FunctionShape, WireValue } from '../../src/runtime/wire/protocol.ts';
import { plainOf } from './values/plain-values.ts';
import type { Values } from './values/values.ts';
import type { TypeRef, WitFunction, WitType } from './world/wit-types.ts';

/** Calls a function of the page by its number. */
export type AskPage = (index: number, args: WireValue[]) => readonly WireValue[] | Promise<readonly WireValue[]>;

type ResultType = Extract<WitType, { readonly kind: 'result' }>;

/** What the page's functions have of a component: the list of arguments, and a result. */
const IS_JSON: Pick<FunctionShape, 'params' | 'result'> = { params: ['json'], result: 'json' };

export function isForComponents({ params, result }: FunctionShape): boolean {
  return params.length === 1 && params[0] === IS_JSON.params[0] && (result === null || result === IS_JSON.result);
}

/** @param crossing told of each call: what was read for the one before is done with */
export function hostImport(
  fn: WitFunction,
  index: number,
  { values, types, ask, crossing }: { values: Values; types: readonly WitType[]; ask: AskPage; crossing: () => void },
): CallableFunction {
  const result = resultOf(fn, types);
  const write = (answer: readonly WireValue[]): unknown => {
    const [json] = answer;
    const value: unknown = json instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(json)) : undefined;
    return result
      ? outcome(fn, result, value, values)
      : fn.result === null
        ? undefined
        : lowered(fn, fn.result, value, values);
  };
  return (...args: unknown[]): unknown => {
    crossing();
    const given = fn.params.map(([, type], at) => plainOf(values.lift(type, args[at])));
    const answer = ask(index, [new TextEncoder().encode(JSON.stringify(given))]);
    return answer instanceof Promise ? answer.then(write) : write(answer);
  };
}

/** One that nothing provides: its caller hears so where its result has a text for that. Undefined where it has none. */
export function missingImport(
  place: string,
  fn: WitFunction,
  types: readonly WitType[],
  crossing: () => void,
): CallableFunction | undefined {
  const result = resultOf(fn, types);
  if (result?.err !== 'string') return undefined;
  return (): never => {
    crossing();
    throw Object.assign(new Error(place), { payload: `\`${place}\` is not offered by this host` });
  };
}

export function resultOf({ result }: WitFunction, types: readonly WitType[]): ResultType | undefined {
  const type = typeof result === 'number' ? types[result] : undefined;
  return type?.kind === 'result' ? type : undefined;
}

/** What the page answers is `{ ok }` or `{ err }`. The glue takes the one as a value, the other thrown. */
function outcome(fn: WitFunction, { ok, err }: ResultType, value: unknown, values: Values): unknown {
  const answer = typeof value === 'object' && value !== null ? value : {};
  if ('err' in answer) {
    const payload = err === null ? undefined : lowered(fn, err, answer.err, values);
    throw Object.assign(new Error(`${fn.name} failed`), { payload });
  }
  const given = 'ok' in answer ? answer.ok : undefined;
  return ok === null ? undefined : lowered(fn, ok, given, values);
}

function lowered(fn: WitFunction, type: TypeRef, value: unknown, values: Values): unknown {
  try {
    return values.lower(type, value, 'its answer');
  } catch (thrown) {
    throw new ClocheError('HOST_FUNCTION_FAILED', `host function \`${fn.name}\`: ${messageOf(thrown)}`);
  }
}
