// What is wrong with a value by a schema, in the words of the library. Runs in a worker, see `schema-checker.ts`.

import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import { formatPath, type Path } from '../util/json/untrusted-json.ts';
import type { ConfigProblem } from './check-protocol.ts';

const MOST_PROBLEMS = 20;
/** They only say that something below them is wrong. */
const OUTER = new Set([
  'properties',
  'additionalProperties',
  'patternProperties',
  'items',
  'prefixItems',
  '$ref',
  'allOf',
]);

/** @throws whatever a schema that cannot be used makes the library throw, such as a pattern that is no expression */
export function problemsOf(schema: object, value: unknown): ConfigProblem[] {
  const { errors } = new Validator(schema as Schema, '2020-12', false).validate(value);
  const innermost = errors.filter(({ keyword }) => !OUTER.has(keyword));
  return (innermost.length > 0 ? innermost : errors).slice(0, MOST_PROBLEMS).map(problemOf);
}

function problemOf({ instanceLocation, error }: OutputUnit): ConfigProblem {
  const steps = instanceLocation.split('/').slice(1).map(unescaped);
  const path: Path = steps.map((step, index) => (index > 0 && /^\d+$/.test(step) ? Number(step) : step));
  return { path: formatPath(path), field: steps[0], expected: error };
}

/** https://www.rfc-editor.org/rfc/rfc6901#section-4 */
function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
