// Words of `<cloche-tasks>`, in English.

export const tasks = {
  'tasks.title': 'Tasks',
  'tasks.none': 'No task has run yet.',
  'tasks.loading': 'Reading the tasks.',
  'tasks.unreadable': 'The tasks cannot be read.',
  'tasks.again': 'Try again',
  'tasks.clear': 'Forget what is over',
  'tasks.stop': 'Stop',
  'tasks.stopNamed': 'Stop {name}',
  'tasks.progress': 'Progress of {name}',
  'tasks.pending': 'waiting',
  'tasks.running': 'running',
  'tasks.complete': 'complete',
  'tasks.failed': 'failed',
  'tasks.interrupted': 'interrupted',
  'tasks.whyInterrupted': 'Interrupted: the page that ran it has ended.',
  'tasks.open': '{n} under way',
  'tasks.took': 'took {time}',
} as const;
