// The one interface behind all functions: check the arguments against contract and grant, and say what is to be done.
// Doing it once is not their business (`once.ts`).

import * as v from 'valibot';
import type { PluginGrant } from '../config.ts';
import type { Statement } from '../database.ts';
import type { Deadline } from '../deadline.ts';
import { Problem } from '../problem.ts';
import type { CapabilityName, Result } from '../protocol.ts';
import type { Turns } from '../turns.ts';

export interface Call {
  /** Of this attempt: the row in `calls`, which other rows may name. */
  readonly id: string;
  /** The idempotency key. */
  readonly key: string;
  /** Whose token it was. */
  readonly caller: string;
  readonly plugin: { readonly id: string; readonly version: string };
  readonly deadline: Deadline;
  /** Of the page that calls; undefined where it is none. */
  readonly origin: string | undefined;
  /** Adds to its audit line why it was refused or failed. */
  note(reason: string): void;
}

/** Written in one transaction with the record of the call. */
export interface Transaction {
  readonly kind: 'transaction';
  readonly statements: readonly Statement[];
  /** An expression for the result as JSON, evaluated after the statements. */
  readonly result: Statement;
}

/** Done outside of the database, after a record that it begins. */
export interface Effect {
  readonly kind: 'effect';
  /** It waits here before it begins. */
  readonly turns: Turns;
  /**
   * @throws {Problem} when nothing was done, so that the key stays free. Anything else that is thrown means that nobody
   * knows what was done.
   */
  run(): Promise<Result>;
}

/** Changes nothing anywhere: the same key may do it again, and nothing of it is kept. */
export interface Read {
  readonly kind: 'read';
  /** It waits here before it begins. */
  readonly turns: Turns;
  run(): Promise<Result>;
}

export type Prepared = Transaction | Effect | Read;

export interface RelayFunction {
  readonly name: string;
  readonly capability: CapabilityName;
  /**
   * @throws {Problem} FORBIDDEN where the grant does not allow it.
   */
  prepare(args: unknown, grant: PluginGrant, call: Call): Prepared | Promise<Prepared>;
}

interface Definition<C extends CapabilityName> {
  readonly name: string;
  readonly capability: C;
  prepare(args: unknown, grant: NonNullable<PluginGrant[C]>, call: Call): Prepared | Promise<Prepared>;
}

export function defineFunction<C extends CapabilityName>({ name, capability, prepare }: Definition<C>): RelayFunction {
  return {
    name,
    capability,
    prepare(args, grants, call) {
      const grant = grants[capability];
      if (!grant) throw new Problem('forbidden', `The relay has not granted ${capability} to this plugin`);
      return prepare(args, grant, call);
    },
  };
}

/** Known without doing anything. */
export function answer(result: Result): Transaction {
  return { kind: 'transaction', statements: [], result: { sql: ':result', args: { result: JSON.stringify(result) } } };
}

export function failed(error: string): Result {
  return { status: 'error', error };
}

/** Go's decoding: a missing field and `null` are the zero value, unknown fields are ignored. */
export const text = v.nullish(v.string(), '');
export const texts = v.nullish(v.array(v.string()), []);
export const textMap = v.nullish(v.record(v.string(), v.string()), {});
export const boolean = v.nullish(v.boolean(), false);
export const integer = v.nullish(v.pipe(v.number(), v.safeInteger()), 0);

/** Undefined when a field has the wrong type. */
export function decode<S extends v.GenericSchema>(schema: S, args: unknown): v.InferOutput<S> | undefined {
  const read = v.safeParse(schema, args);
  return read.success ? read.output : undefined;
}
