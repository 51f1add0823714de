// What the worker that checks by schemas is asked, and what it answers. Types only.

export interface CheckRequest {
  readonly schema: object;
  readonly value: unknown;
}

export type CheckAnswer = { readonly problems: readonly ConfigProblem[] } | { readonly unusable: string };

export interface ConfigProblem {
  /** Where it is in the config, such as `servers[0].port`; empty for all of it. */
  readonly path: string;
  /** Name of the field that it is in; undefined for all of the config. */
  readonly field: string | undefined;
  /** What was expected there. */
  readonly expected: string;
}
