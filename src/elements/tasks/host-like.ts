// What `<cloche-tasks>` needs of a host. `Host` fits; tests bring their own.

export type ShownTaskState = 'pending' | 'running' | 'complete' | 'failed' | 'interrupted';

export interface ShownTask {
  readonly id: string;
  readonly name: string;
  readonly plugins: readonly string[];
  readonly state: ShownTaskState;
  readonly progress: { readonly done: number | undefined; readonly text: string };
  /** In ms since 1970, as the others. */
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

/** Tells of `taskchange`. */
export interface ShownTasks extends EventTarget {
  /** The newest first. */
  readonly list: readonly ShownTask[];
  cancel(id: string): void;
  clear(): Promise<void>;
}

export interface TasksHost {
  tasks(): Promise<ShownTasks>;
}
