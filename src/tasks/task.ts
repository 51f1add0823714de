// What is known of a task, and how it is stored.

import { ERROR_CODES, type ErrorCode } from '../errors.ts';
import { isPlainObject } from '../util/given-options.ts';

/** `interrupted`: its page ended before it did. */
export type TaskState = 'pending' | 'running' | 'complete' | 'failed' | 'interrupted';

const STATES: ReadonlySet<unknown> = new Set(['pending', 'running', 'complete', 'failed', 'interrupted']);

export interface TaskProgress {
  /** From 0 to 1; undefined where nobody has said. */
  readonly done: number | undefined;
  /** In the plugin's words; empty for none. */
  readonly text: string;
}

/** What one plugin has given. */
export interface TaskResult {
  readonly plugin: string;
  /** By the type that its export has declared; undefined where it gives nothing, and after a reload where it was large. */
  readonly value: unknown;
}

/** Of one execution. */
export interface TaskInfo {
  readonly id: string;
  /** What plugins have registered it as. */
  readonly name: string;
  /** Ids of those that run it, one after the other. */
  readonly plugins: readonly string[];
  readonly state: TaskState;
  readonly progress: TaskProgress;
  /** In ms since 1970, as the others. */
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Why it failed. */
  readonly error: { readonly code: ErrorCode; readonly message: string } | undefined;
  /** What those plugins gave that have ended. */
  readonly results: readonly TaskResult[];
}

/** As it is stored, with the page that runs it. */
export interface TaskRecord extends TaskInfo {
  readonly page: string;
  /** Of its plugins, in their order: the next plugin of an id is another. Undefined for those that were only open, and before there were any. */
  readonly installations: readonly (string | undefined)[];
}

/** Whether none of these plugins is one of those that have run it. */
export function isOfNone(
  { plugins, installations }: TaskRecord,
  all: readonly { readonly id: string; readonly installation: string }[],
): boolean {
  return plugins.every((id, at) => {
    const installation = installations[at];
    return !all.some((one) => one.id === id && (installation === undefined || one.installation === installation));
  });
}

export const NO_PROGRESS: TaskProgress = Object.freeze({ done: undefined, text: '' });

export function isOver({ state }: Pick<TaskInfo, 'state'>): boolean {
  return state !== 'pending' && state !== 'running';
}

/** Any script of the origin may have written it. */
export function readTask(stored: unknown): TaskRecord | undefined {
  if (!isPlainObject(stored)) return undefined;
  const { id, name, page, state, plugins, createdAt, startedAt, endedAt } = stored;
  if (typeof id !== 'string' || typeof name !== 'string' || typeof page !== 'string') return undefined;
  if (!STATES.has(state) || !isTime(createdAt) || !Array.isArray(plugins)) return undefined;
  if (!plugins.every((plugin) => typeof plugin === 'string')) return undefined;
  return {
    id,
    name,
    page,
    state: state as TaskState,
    plugins: [...plugins],
    installations: readInstallations(stored.installations, plugins.length),
    createdAt,
    startedAt: isTime(startedAt) ? startedAt : undefined,
    endedAt: isTime(endedAt) ? endedAt : undefined,
    progress: readProgress(stored.progress),
    error: readError(stored.error),
    results: readResults(stored.results),
  };
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function readInstallations(stored: unknown, count: number): (string | undefined)[] {
  const given: readonly unknown[] = Array.isArray(stored) ? stored : [];
  return Array.from({ length: count }, (_, at) => (typeof given[at] === 'string' ? given[at] : undefined));
}

function readProgress(stored: unknown): TaskProgress {
  const { done, text } = isPlainObject(stored) ? stored : {};
  const isShare = typeof done === 'number' && done >= 0 && done <= 1;
  return { done: isShare ? done : undefined, text: typeof text === 'string' ? text : '' };
}

function readError(stored: unknown): TaskInfo['error'] {
  const { code, message } = isPlainObject(stored) ? stored : {};
  if (typeof message !== 'string') return undefined;
  const known = ERROR_CODES.find((one) => one === code);
  return { code: known ?? 'PLUGIN_ERROR', message };
}

function readResults(stored: unknown): TaskResult[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((one: unknown) =>
    isPlainObject(one) && typeof one.plugin === 'string' ? [{ plugin: one.plugin, value: one.value }] : [],
  );
}
