// The places where plugins can add something to the host app, as the app declares them.

import { ClocheError, messageOf } from '../errors.ts';
import type { Contribution } from '../manifest/contributions.ts';
import { entriesOf, givenOptions } from '../util/given-options.ts';

/** The part of https://standardschema.dev that is used here: Zod, Valibot, ArkType and others have it. */
export interface StandardSchema {
  readonly '~standard': {
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
  };
}

interface StandardResult {
  readonly issues?: readonly { readonly message: string }[] | undefined;
}

/** True for a contribution that fits; text says why one does not. What throws does not fit either. */
export type ContributionCheck = (contribution: Contribution) => boolean | string;

export interface ExtensionPoint {
  /**
   * What a contribution must be; one that does not fit is left out, and the plugin's log says why. A schema must not be
   * asynchronous, and its output is not used: it only decides. @default anything fits
   */
  readonly schema?: StandardSchema | ContributionCheck;
}

/** A point that admin pages have, so that plugins for those show without a word from the app. */
const ALWAYS: Readonly<Record<string, ExtensionPoint>> = { 'admin.tab': {} };

/** @throws {ClocheError} OPTION_INVALID for a point without a name, and a schema that is none */
export function checkedPoints(points: unknown = {}): ReadonlyMap<string, ExtensionPoint> {
  const entries = [...Object.entries(ALWAYS), ...entriesOf('extensionPoints', points)] as [string, unknown][];
  return new Map(entries.map(([name, point]) => [name, checkedPoint(name, point)]));
}

function checkedPoint(name: string, point: unknown): ExtensionPoint {
  if (name.trim() === '') throw invalid('to have a name for each point');
  if (typeof point !== 'object' || point === null) throw invalid('to hold objects', name);
  if (isStandardSchema(point)) throw invalid('to have its schema in an object: `{ schema }`', name);
  const place = `the extension point ${JSON.stringify(name)}`;
  const { schema } = givenOptions<ExtensionPoint>(place, point, { schema: true });
  if (schema === undefined) return {};
  if (isStandardSchema(schema) || typeof schema === 'function') return { schema };
  throw invalid('to have a function or a Standard Schema as `schema`', name);
}

/** Why a contribution does not fit its point; undefined when it does. */
export function misfit({ schema }: ExtensionPoint, contribution: Contribution): string | undefined {
  if (!schema) return undefined;
  try {
    return isStandardSchema(schema) ? issuesOf(schema, contribution) : refusalOf(schema(contribution));
  } catch (thrown) {
    return messageOf(thrown);
  }
}

function issuesOf(schema: StandardSchema, contribution: Contribution): string | undefined {
  // What is absent must be absent for a schema: `undefined` is a value to many.
  const present = Object.fromEntries(Object.entries(contribution).filter(([, value]) => value !== undefined));
  const result = schema['~standard'].validate(present);
  if (result instanceof Promise) return 'the schema of the point is asynchronous';
  return result.issues?.map(({ message }) => message).join('; ');
}

function refusalOf(verdict: boolean | string): string | undefined {
  if (verdict === true) return undefined;
  return typeof verdict === 'string' ? verdict : 'the point does not take it';
}

/** Those of some libraries are functions too. */
function isStandardSchema(schema: unknown): schema is StandardSchema {
  const isHolder = (typeof schema === 'object' && schema !== null) || typeof schema === 'function';
  return isHolder && '~standard' in schema;
}

function invalid(expected: string, name?: string): ClocheError {
  const place = name === undefined ? '`extensionPoints`' : `\`extensionPoints\` at ${JSON.stringify(name)}`;
  return new ClocheError('OPTION_INVALID', `Expected ${place} ${expected}`);
}
