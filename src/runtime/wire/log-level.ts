/** Least grave first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
