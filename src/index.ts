// The public API of Cloche, nothing else.

export {
  type ArgumentsOf,
  type Capability,
  type CapabilityDefinition,
  defineCapability,
  type Forms,
  type HostCallContext,
  type HostFunction,
  type ResultOf,
  type Risk,
  type Satisfied,
  type ScopeRule,
} from './capabilities/capability.ts';
export { type CommandsScope, commands } from './capabilities/commands.ts';
export { comments } from './capabilities/comments.ts';
export { defaultCapabilities } from './capabilities/defaults.ts';
export { dialogs } from './capabilities/dialogs.ts';
export { type HttpOptions, http } from './capabilities/http.ts';
export type { HttpScope } from './capabilities/http-scope.ts';
export { type KvOptions, type KvScope, kv } from './capabilities/kv.ts';
export { type LogCapability, type LogOptions, log } from './capabilities/log.ts';
export { type MailScope, mail } from './capabilities/mail.ts';
export type { RelayedOptions } from './capabilities/relayed.ts';
export { scm } from './capabilities/scm.ts';
export { ClocheError, ERROR_CODES, type ErrorCode, type ErrorFacts } from './errors.ts';
export type {
  Delivery,
  DeliveryEvent,
  ExtensionChangeEvent,
  HostCallEvent,
  HostCallRecord,
  HostEventMap,
  KillEvent,
  KillRecord,
  LogEvent,
  LogRecord,
  PluginChange,
  PluginChangeEvent,
} from './events.ts';
export type { Extension } from './extensions/extension-board.ts';
export type { ContributionCheck, ExtensionPoint, StandardSchema } from './extensions/extension-points.ts';
export { createHost, type Host, type UnreadablePlugin } from './host.ts';
export type { Orphan } from './left-data.ts';
export type {
  AssetEntry,
  Contribution,
  Dialect,
  PluginManifest,
  Route,
  Schedule,
  Subscription,
} from './manifest/plugin-manifest.ts';
export {
  type CallOptions,
  DEFAULT_LIMITS,
  type Grant,
  type HostOptions,
  type InstallOptions,
  type Limits,
  type RelayOptions,
} from './options.ts';
export type { Output } from './output.ts';
export type { PluginSource } from './package/package-source.ts';
export type { PluginRequest, RequestDescription } from './permissions/requests.ts';
export type { PendingUpdate, Plugin, PluginChanges, PluginState, PluginStats } from './plugin.ts';
export { cellScriptHash } from './sandbox/cell.ts';
export type { Environment } from './sandbox/environment.ts';
export type { ExportFact, HostCallWay, ImportFact, LogLevel, MemoryUse, ValueShape } from './sandbox/protocol.ts';
export type { CallReport } from './sandbox/runner.ts';
