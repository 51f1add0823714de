// The tasks of a host, an element of its own: importing this defines it.

export { defineMessages } from '../words/catalogue.ts';
export type { ShownTask, ShownTaskState, ShownTasks, TasksHost } from './host-like.ts';
export { ClocheTasks } from './tasks.ts';
