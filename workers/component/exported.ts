// An exported function, wherever the glue has it.

import type { Exports } from './glue.ts';
import { className, resourceFunction } from './resource-functions.ts';
import { camel } from './values/values.ts';

type Run = (...args: readonly unknown[]) => unknown;

/** @param from of the root or of an interface @param name as WIT has it */
export function runnerOf(from: unknown, name: string): Run | undefined {
  const of = resourceFunction(name);
  if (!of) return functionOf((from as Exports | undefined)?.[camel(name)]);
  const found = functionOf((from as Exports | undefined)?.[className(of.resource)]);
  if (!found) return undefined;
  if (of.kind === 'constructor') return (...args) => Reflect.construct(found, args);
  if (of.kind === 'static') return functionOf((found as unknown as Exports)[of.key])?.bind(found);
  const method = functionOf((found.prototype as Exports)[of.key]);
  return method && ((self, ...args) => Reflect.apply(method, self, args));
}

function functionOf(value: unknown): Run | undefined {
  return typeof value === 'function' ? (value as Run) : undefined;
}
