// The words in which a caller over HTTP hears of a failed call: those of Windshift (WS16), so that its pages know them.

import { ClocheError, messageOf } from '../../../errors.ts';
import { visibleText } from '../../../util/text/visible-text.ts';

/** As many as wazero tells, on which Windshift runs. */
const MOST_FRAMES = 30;
const MOST_FRAME_BYTES = 200;

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
      return `failed to instantiate plugin: ${thrown.message}${stackText(thrown)}`;
    default:
      return `failed to call plugin handler: ${causeText(thrown, exportName)}${stackText(thrown)}`;
  }
}

/** The guest's frames after a trap, in the lines of wazero; their names are the plugin's. Empty where no engine has told any. */
function stackText({ wasmStack = [] }: ClocheError): string {
  if (wasmStack.length === 0) return '';
  const frames = wasmStack.slice(0, MOST_FRAMES).map((frame) => visibleText(frame, MOST_FRAME_BYTES));
  if (wasmStack.length >= MOST_FRAMES) frames.push('... maybe followed by omitted frames');
  return `\nwasm stack trace:\n\t${frames.join('\n\t')}`;
}

function causeText({ code, detail, exitCode, message }: ClocheError, exportName: string): string {
  if (code === 'EXPORT_MISSING') return `unknown function: ${exportName}`;
  if (code === 'EXPORT_INVALID') return detail ?? message;
  if (code === 'TIMEOUT' || code === 'HOST_TIMEOUT') return 'module closed with context deadline exceeded';
  // What a host function threw is not for plugins, and a plugin's page may read this.
  if (code === 'HOST_FUNCTION_FAILED') return 'a host function failed';
  if (code !== 'PLUGIN_ERROR') return message;
  if (detail !== undefined) return detail;
  // Go takes it for a number without a sign.
  return exitCode === undefined ? message : `plugin returned non-zero status: ${exitCode >>> 0}`;
}
