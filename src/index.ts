// The public API of Cloche, nothing else.

export type { ActName } from './audit/act.ts';
export type { ActEntry, AuditEntry, DroppedEntry, HostCallEntry, KillEntry } from './audit/audit-entry.ts';
export type { AuditLog, AuditStatus } from './audit/audit-log.ts';
export type { AuditOptions } from './audit/audit-options.ts';
export type { AuditFilter } from './audit/read-log.ts';
export type { Bisect, BisectState } from './bisect/bisect.ts';
export {
  type Capability,
  type CapabilityDefinition,
  defineCapability,
  type Risk,
  type Satisfied,
  type ScopeRule,
} from './capabilities/capability.ts';
export { defaultCapabilities } from './capabilities/defaults.ts';
export { type FilesOptions, files } from './capabilities/files/files.ts';
export type { ArgumentsOf, HostCallContext, HostFunction, ResultOf } from './capabilities/host-function.ts';
export { type HttpOptions, http } from './capabilities/http/http.ts';
export type { HttpScope } from './capabilities/http/scope.ts';
export type { HttpVia } from './capabilities/http/via.ts';
export { type KvOptions, type KvScope, kv } from './capabilities/kv/kv.ts';
export { type LogCapability, type LogOptions, log } from './capabilities/log/log.ts';
export { dialogs } from './capabilities/page-dialogs.ts';
export { canonicalPath } from './capabilities/scopes/canonical-path.ts';
export { type FilesScope, filesScope } from './capabilities/scopes/files-scope.ts';
export type { DecidingRule, Decision, NameRules } from './capabilities/scopes/name-rules.ts';
export { type NameScopeOptions, nameScope } from './capabilities/scopes/name-scope.ts';
export type {
  CoreSentence,
  OwnSentence,
  Sentence,
  SentenceForm,
  SentenceNames,
} from './capabilities/sentences.ts';
export { type CommandsScope, commands } from './capabilities/server/commands.ts';
export { comments } from './capabilities/server/comments.ts';
export { type MailScope, mail } from './capabilities/server/mail.ts';
export type { RelayedOptions } from './capabilities/server/relayed.ts';
export { scm } from './capabilities/server/scm.ts';
export { clock, wasi } from './capabilities/surroundings.ts';
export {
  type BuiltInPlugin,
  catalogs,
  type FoundPlugin,
  type HttpCatalogOptions,
  type ListedPlugin,
  type PluginCatalog,
  type S3CatalogOptions,
  type Source,
  type SourceOptions,
  type SourcePlugin,
  type SourceState,
  type SourceTrust,
  type UrlCatalogOptions,
  type UserCatalog,
  type UserCatalogOptions,
} from './catalogs/index.ts';
export type { ConfigProblem } from './config/check-protocol.ts';
export type { Dialect, DialectCode } from './dialects/dialect.ts';
export {
  type AuthorizationOptions,
  type ClaimsCall,
  defaultDialects,
  type NevInterfaces,
  type NevOptions,
  nevCapabilities,
  type PageDatabases,
  type ServerDatabases,
  type TokenOptions,
  type VerifyClaims,
  type WindmillOptions,
  windmillCapabilities,
} from './dialects/index.ts';
export { errorHelp } from './error-help/error-help.ts';
export { ClocheError, ERROR_CODES, type ErrorCode, type ErrorFacts } from './errors.ts';
export type {
  CallDecision,
  Delivery,
  DeliveryEvent,
  ExtensionChangeEvent,
  HostCallContent,
  HostCallEvent,
  HostCallRecord,
  HostEventMap,
  KillEvent,
  KillRecord,
  LogEvent,
  LogRecord,
  PluginChange,
  PluginChangeEvent,
  PrepareRecord,
  ScheduledRun,
} from './events.ts';
export type { LoadBehaviour, RunOptions } from './extensions/commands/run-command.ts';
export type { Extension, PluginCommand } from './extensions/context.ts';
export type { HookCall, HookOutcome } from './extensions/hooks.ts';
export type { FetchInit } from './extensions/host-fetch.ts';
export type { ContributionCheck, ExtensionPoint, StandardSchema } from './extensions/points.ts';
export type { PluginConfiguration, SecretState } from './host/config/plugin-configs.ts';
export { createHost } from './host/create-host.ts';
export type { PluginDatabases } from './host/databases/plugin-databases.ts';
export type { Host, UnreadablePlugin } from './host/host.ts';
export type { PluginReview, PreviousReview } from './host/install/plugin-review.ts';
export type { Output } from './host/output.ts';
export type { Plugin, PluginState } from './host/plugin.ts';
export type { PendingUpdate, PluginChanges } from './host/settings/effective-settings.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export type { Claims } from './manifest/claims.ts';
export type { Contribution, Route, Schedule, Subscription } from './manifest/contributions.ts';
export type { AssetEntry, ConfigField, ConfigSchema, PluginManifest } from './manifest/plugin-manifest.ts';
export type { HostOptions, ImportDataOptions, InstallOptions, VerifyLicense } from './options.ts';
export type { PluginSource } from './package/package-source.ts';
export type { AskPermission, PermissionAnswer, PermissionQuestion } from './permissions/ask.ts';
export type { PermissionChange, SentenceChange } from './permissions/changes.ts';
export type { PluginRequest, RequestDescription } from './permissions/describe-requests.ts';
export type { Explanation, PermissionUse } from './permissions/explain.ts';
export type { AcceptedRequest, Grant } from './permissions/grants.ts';
export type { Orphan } from './registry/orphans/orphans.ts';
export type { HistoryAction, HistoryEntry, PackageOrigin } from './registry/versions.ts';
export type { RelayOptions } from './relay/relay-options.ts';
export type { CallOptions, InputOptions } from './runtime/calls/call-options.ts';
export type { Environment, IsolationChoice, PluginIsolation } from './runtime/environment.ts';
export { cellScriptHash } from './runtime/isolation/cell/cell.ts';
export type { CallReport, PluginStats } from './runtime/runner-stats.ts';
export type {
  ExportFact,
  HostCallWay,
  ImportFact,
  LogLevel,
  MemoryUse,
  ValueShape,
  WireValue,
} from './runtime/wire/protocol.ts';
export type {
  Cell,
  DatabaseList,
  DatabaseState,
  DatabaseTable,
  PartOptions,
  PluginDatabase,
  RowCount,
  RowList,
  TableColumn,
  TableKind,
  TableList,
} from './sql/view/view.ts';
export type { TaskInfo, TaskProgress, TaskResult, TaskState } from './tasks/task.ts';
export type { TaskHandle } from './tasks/task-handle.ts';
export type { TaskOptions, Tasks } from './tasks/tasks.ts';
export type { AllowedPlugin } from './trust/allowed-plugins.ts';
export type { BlocklistOptions } from './trust/blocklist/blocklist-options.ts';
export type { BlocklistState } from './trust/blocklist/blocklist-state.ts';
export type { PublicKey } from './trust/public-key.ts';
export type { Publisher } from './trust/publishers.ts';
export type { Roles } from './trust/roles.ts';
export type { PluginSignature } from './trust/trust.ts';
export type { TrustOptions } from './trust/trust-options.ts';
export type { PluginUsage, UsageLog } from './usage/usage-log.ts';
