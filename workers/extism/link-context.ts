// What the modules of a plugin are linked with.

import type { ExtismPluginOptions } from '@extism/extism';
import type { ClockMode } from '../../src/runtime/wire/guest-modes.ts';
import type { FunctionShape, LogLevel, ModuleLimits } from '../../src/runtime/wire/protocol.ts';
import type { HostCalls } from '../host-calls/host-calls.ts';
import type { LogLines } from '../log-lines.ts';
import type { WasiSystem } from '../wasi/preview1.ts';
import type { HttpState } from './http-state.ts';
import type { KernelMemory } from './kernel/kernel-memory.ts';
import type { Vars } from './vars.ts';

/** Names that modules import, by namespace. */
export interface ImportTable {
  has(namespace: string, name: string): boolean;
  namesOf(namespace: string): string[];
}

export type ImportObject = Record<string, Record<string, WebAssembly.ImportValue>>;

/** What the SDK is given by name. */
export type SdkFunctions = NonNullable<ExtismPluginOptions['functions']>;

export interface LinkContext {
  readonly hostCalls: HostCalls;
  readonly logs: LogLines;
  readonly vars: Vars;
  readonly http: HttpState;
  readonly config: ReadonlyMap<string, string>;
  readonly functions: readonly FunctionShape[];
  readonly imports: ImportTable;
  readonly limits: ModuleLimits;
  readonly exchangeBytes: number;
  readonly kernelMemory: KernelMemory;
  readonly logLevel: LogLevel | 'off';
  readonly clock: ClockMode;
  readonly wasi: WasiSystem | undefined;
  /** See `GuestContract`. */
  readonly start: readonly string[];
}
