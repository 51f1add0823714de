// Interfaces of WASI that nothing here provides, such as sockets: they link, and whatever is called answers with the error that
// its result has for that.

import { ClocheError } from '../../src/errors.ts';
import { resultOf } from './host-imports.ts';
import { className, resourceFunction } from './resource-functions.ts';
import { camel } from './values/values.ts';
import type { TypeRef, WitFunction, WitInterface, WitType } from './world/wit-types.ts';

/** How the interfaces of WASI name what is not allowed, or not there. */
const WORDS = [
  'access-denied',
  'not-permitted',
  'access',
  'not-supported',
  'unsupported',
  'internal-error',
  'HTTP-request-denied',
];

export function refusals(
  { name, functions, resources }: WitInterface,
  types: readonly WitType[],
  crossing: () => void,
): Record<string, unknown> {
  const classes = new Map<string, new () => object>(resources.map((resource) => [resource, class {}]));
  const made: Record<string, unknown> = {};
  for (const fn of functions) {
    const of = resourceFunction(fn.name);
    const refuse = refusal(`${name}/${fn.name}`, fn, types, crossing);
    const found = of && classes.get(of.resource);
    if (!found)
      made[camel(fn.name)] = returnsHandle(fn, types) ? () => new (classes.values().next().value ?? Object)() : refuse;
    else if (of.kind === 'method') Object.assign(found.prototype as object, { [of.key]: refuse });
    else if (of.kind === 'static') Object.assign(found, { [of.key]: refuse });
  }
  for (const [resource, found] of classes) made[className(resource)] = found;
  return made;
}

function refusal(place: string, fn: WitFunction, types: readonly WitType[], crossing: () => void): CallableFunction {
  const err = resultOf(fn, types)?.err;
  const payload = err === undefined || err === null ? undefined : errorOf(err, types);
  return (): unknown => {
    crossing();
    if (payload !== undefined) throw Object.assign(new Error(place), { payload });
    if (isOption(fn.result, types)) return undefined;
    throw new ClocheError('PERMISSION_DENIED', `the plugin used \`${place}\`, which no plugin has here`);
  };
}

function errorOf(type: TypeRef, types: readonly WitType[]): unknown {
  if (type === 'string') return 'not allowed here';
  const found = typeof type === 'number' ? types[type] : undefined;
  if (found?.kind === 'enum') return WORDS.find((word) => found.names.includes(word));
  if (found?.kind !== 'variant') return undefined;
  const tag = WORDS.find((word) =>
    found.cases.some(([name, of]) => name === word && (of === null || isOption(of, types))),
  );
  return tag === undefined ? undefined : { tag, val: undefined };
}

/** Such as `instance-network`, which has no error: what it gives can be used for nothing. */
function returnsHandle({ result }: WitFunction, types: readonly WitType[]): boolean {
  return typeof result === 'number' && types[result]?.kind === 'own';
}

function isOption(type: TypeRef | null, types: readonly WitType[]): boolean {
  return typeof type === 'number' && types[type]?.kind === 'option';
}
