// Runs a task in its plugins, one after the other. The first that fails ends it.

import { ClocheError, messageOf } from '../errors.ts';
import type { ExtensionPlugin } from '../extensions/context.ts';
import type { CallOptions } from '../runtime/calls/call-options.ts';
import type { TaskResult } from './task.ts';

export interface TaskWork {
  readonly name: string;
  readonly plugins: readonly ExtensionPlugin[];
  readonly input: unknown;
  readonly options: CallOptions;
  readonly signal: AbortSignal;
  /** The call of the next plugin begins. */
  begins(): void;
  gave(result: TaskResult): void;
}

/** @throws {ClocheError} of the plugin that failed, ABORTED */
export async function runTask({ name, plugins, input, options, signal, begins, gave }: TaskWork): Promise<void> {
  for (const plugin of plugins) {
    signal.throwIfAborted();
    if (!plugin.active) {
      throw new ClocheError('REVOKED', `Plugin ${plugin.id} not found for task ${name}: it is off`, {
        plugin: plugin.id,
      });
    }
    begins();
    try {
      gave({ plugin: plugin.id, value: await given(plugin, name, input, { ...options, signal }) });
    } catch (thrown) {
      const code = thrown instanceof ClocheError ? thrown.code : 'PLUGIN_ERROR';
      const message = `Failed to call task ${name} in plugin ${plugin.id}: ${messageOf(thrown)}`;
      throw new ClocheError(code, message, { plugin: plugin.id, cause: thrown });
    }
  }
}

/** Of a `result` what is `ok`: its error is one of the task, which would else seem to be done. */
async function given(plugin: ExtensionPlugin, name: string, input: unknown, options: CallOptions): Promise<unknown> {
  const form = await plugin.dialect.hooks?.();
  if (!form) return (await plugin.call(name, input, options)).json();
  const args = input === undefined ? [] : [typeof input === 'string' ? input : JSON.stringify(input)];
  const value = form.result(await plugin.callWith(name, form.args(args), options));
  const { tag, val } = typeof value === 'object' && value !== null ? (value as { tag?: unknown; val?: unknown }) : {};
  if (tag === 'ok') return val;
  if (tag !== 'err') return value;
  throw new ClocheError('PLUGIN_ERROR', typeof val === 'string' ? val : 'it has given an error', { plugin: plugin.id });
}
