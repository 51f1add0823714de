// Functions of a resource by the names that WIT gives them, such as `[method]counter.add`: the glue has them in a class.

import { camel } from './values/values.ts';

const NAME = /^\[(constructor|method|static)\]([^.]+)(?:\.(.+))?$/;

export interface ResourceFunction {
  readonly kind: 'constructor' | 'method' | 'static';
  readonly resource: string;
  /** As the class has it; empty for a constructor. */
  readonly key: string;
}

/** Undefined for a function of none. */
export function resourceFunction(name: string): ResourceFunction | undefined {
  const [, kind, resource, method = ''] = NAME.exec(name) ?? [];
  if (resource === undefined) return undefined;
  return { kind: kind as ResourceFunction['kind'], resource, key: camel(method) };
}

/** How the glue calls the class of a resource. */
export function className(resource: string): string {
  const word = camel(resource);
  return word.charAt(0).toUpperCase() + word.slice(1);
}
