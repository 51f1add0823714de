// The words in which a caller over HTTP hears of a failed call: those of Windshift (WS16), so that its pages know them.

import { ClocheError, messageOf } from '../../../errors.ts';

/** Without the `Plugin error: ` that stands before it on a route. */
export function callErrorText(thrown: unknown, plugin: string, exportName: string): string {
  if (!(thrown instanceof ClocheError)) return messageOf(thrown);
  switch (thrown.code) {
    case 'CLOSED':
      return `plugin not found: ${plugin}`;
    case 'DISABLED':
    case 'QUARANTINED':
    case 'BLOCKED':
    case 'NOT_ALLOWED':
      return `plugin is disabled: ${plugin}`;
    case 'START_FAILED':
    case 'START_TIMEOUT':
    case 'MODULE_REJECTED':
    case 'IMPORT_MISSING':
    case 'CSP_BLOCKED':
      return `failed to instantiate plugin: ${thrown.message}`;
    default:
      return `failed to call plugin handler: ${causeText(thrown, exportName)}`;
  }
}

function causeText({ code, detail, exitCode, message }: ClocheError, exportName: string): string {
  if (code === 'EXPORT_MISSING') return `unknown function: ${exportName}`;
  if (code === 'EXPORT_INVALID') return detail ?? message;
  if (code === 'TIMEOUT' || code === 'HOST_TIMEOUT') return 'module closed with context deadline exceeded';
  // What a host function threw is not for plugins, and a plugin's page may read this.
  if (code === 'HOST_FUNCTION_FAILED') return 'a host function failed';
  if (code !== 'PLUGIN_ERROR') return message;
  if (detail !== undefined) return detail;
  return exitCode === undefined ? message : `plugin returned non-zero status: ${exitCode}`;
}
