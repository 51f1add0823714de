// The wire, version 1, as `docs/relay.openapi.yaml` describes it: what a call carries. No logic beside the guards.

import * as v from 'valibot';

export const PROTOCOL = 1;

/** A longer deadline counts as this one. */
export const LONGEST_DEADLINE_MS = 600_000;

export type CapabilityName = 'mail' | 'commands' | 'comments' | 'scm' | 'http' | 'sql';

/** What a plugin hears, in the shape of its contract; a number is the status of an HTTP answer. */
export type Result = { readonly status: 'ok' | 'error' | number; readonly error?: string } & Readonly<
  Record<string, unknown>
>;

/** Arguments are flat lists and records; deeper ones are not calls of ours, and would only cost stack to walk. */
const DEEPEST_ARGUMENT = 4;

const Arguments = v.pipe(
  v.custom<Record<string, unknown>>((value) => isRecord(value), 'Expected an object'),
  v.check((value) => isShallow(value, DEEPEST_ARGUMENT), `Expected at most ${DEEPEST_ARGUMENT} levels`),
);

const Name = v.pipe(v.string(), v.maxLength(256));

/** The word of the host app, and no credential: whoever has the token can write them. */
const Claims = v.strictObject({
  userId: v.union([v.pipe(Name, v.minLength(1)), v.pipe(v.number(), v.safeInteger())]),
  name: v.optional(Name),
  roles: v.optional(v.pipe(v.array(Name), v.maxLength(100))),
});

export const CallBody = v.strictObject({
  plugin: v.strictObject({
    id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'Expected 1 to 64 letters, digits, "_" or "-"')),
    version: v.pipe(v.string(), v.maxLength(256)),
  }),
  claims: v.optional(Claims),
  capability: v.string(),
  deadlineMs: v.pipe(v.number(), v.finite(), v.gtValue(0, 'Expected more than 0 ms')),
  arguments: Arguments,
});

export type CallBody = v.InferOutput<typeof CallBody>;

const KEY = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The key in lower case, or undefined when it is not a UUID of version 4. */
export function readKey(header: string | undefined): string | undefined {
  const key = header?.toLowerCase();
  return key !== undefined && KEY.test(key) ? key : undefined;
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => isShallow(child, levels - 1));
}
