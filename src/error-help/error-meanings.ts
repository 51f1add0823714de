// What each error code means and what helps: words for people, which no page needs before something has gone wrong.

import type { ErrorCode } from '../errors.ts';

export const ERROR_MEANINGS: Readonly<Record<ErrorCode, string>> = {
  OPTION_INVALID: 'An option is missing, of the wrong type or out of range. Correct the call.',
  SOURCE_INVALID: 'The thing to install is none of the accepted sources. Pass bytes, a file, a URL or a manifest.',
  FETCH_FAILED: 'A plugin file could not be fetched. Check the URL, CORS and the network.',
  CATALOG_INVALID:
    'A catalog of plugins has something that no catalog may have, or not the plugin that was asked for. Its keeper has to look at it.',
  PACKAGE_REJECTED: 'The package is too large, broken, not licensed, or holds an entry that is not allowed.',
  MANIFEST_INVALID: 'The manifest cannot be read. The message has the path of the field.',
  HASH_MISMATCH:
    'A module differs from the SHA-256 that its manifest gives, or a package from the one that was accepted.',
  SIGNATURE_INVALID: 'The package was changed after it was signed: it is no update.',
  SIGNATURE_UNREADABLE: 'The signature of the package cannot be checked here. The message says why.',
  ID_CHANGED: "The update says that it is another plugin. Install it without `id`, or pass `replace: 'wipe'`.",
  SIGNER_CHANGED: "The plugin of this id is another signer's. Pass `replace: 'wipe'`, or another `id`.",
  CONFIG_INVALID: "The config is not as the plugin's schema takes it. `cause` lists where, and what was expected.",
  SECRET_UNAVAILABLE: 'A secret of the plugin is not set or cannot be read any more. Enter it again.',
  NOT_ALLOWED: 'The app does not allow this plugin: its `trust` has no place for it. The message says why.',
  BLOCKED: "The plugin is on the app's blocklist. The message has the reason.",
  BLOCKLIST_FAILED:
    'The blocklist could not be fetched, or is not one that is believed. What was blocked before still is.',
  FORBIDDEN: "Whoever uses this page may not do this: the app's `trust.can` says so.",
  GRANT_FIXED: 'The app has settled what this plugin may do, by `trust.grants`: nobody can change that.',
  MODULE_REJECTED: 'A module is not valid WebAssembly, or asks for more than the limits allow.',
  IMPORT_MISSING: 'A module imports something that nothing provides. The message names it and what would.',
  EXPORT_MISSING: 'The plugin has no such export. The message lists those it has.',
  EXPORT_INVALID: 'The export exists and cannot be called: only functions without parameters, with at most one result.',
  COMMAND_MISSING: 'There is no such command. `host.commands` lists them.',
  ARGUMENTS_INVALID: 'These are not the arguments that the command takes.',
  ALREADY_INSTALLED:
    "A plugin of this id is there. Pass `replace: 'keep'` or `'wipe'` to put this one in its place, or another `id`.",
  UPDATE_CHANGED: 'The update that was to be accepted does not wait any more. `plugin.pending` says which one does.',
  ROLLBACK_UNAVAILABLE:
    'There is no earlier version to go back to, or it is another than was shown. `plugin.previous()` says which one is kept.',
  START_FAILED: 'The plugin could not be started. The message has the cause.',
  ENGINE_FULL:
    'The engine has no room for one more plugin, and no other is idle that could sleep for it. Close some, or lower `live`.',
  START_TIMEOUT: 'Compiling or starting took longer than `startTimeoutMs`; the worker was killed.',
  ISOLATION_UNAVAILABLE:
    'Plugins were to have a process of their own, and the engine gives them none. Run them elsewhere, or do without.',
  CSP_BLOCKED: 'The content security policy of the page forbids what Cloche needs. The message lists the directives.',
  TIMEOUT: 'The call ran longer than `timeoutMs`; the worker was killed. The next call starts afresh.',
  ABORTED: 'The caller aborted the call; the worker was killed if the plugin was running.',
  REVOKED:
    'A grant of the plugin was taken away while the call ran; the worker was ended. The next call has what is granted now.',
  TRAP: 'The plugin trapped. `wasmStack` has its frames. The next call starts with a fresh instance.',
  OUT_OF_MEMORY:
    'The plugin was refused memory beyond `memoryBytes` or `exchangeBytes`, and trapped or used it all the same.',
  PLUGIN_ERROR: 'The plugin reported an error, or returned a non-zero code. `detail` has its own words.',
  INPUT_TOO_LARGE: 'The input is larger than `exchangeBytes`.',
  OUTPUT_TOO_LARGE: 'The output did not fit into what input and host calls left of `exchangeBytes`.',
  BUSY: 'Too many calls wait for this plugin. Try again later.',
  REENTRANT: 'A host function called back into the plugin that is waiting for it.',
  RATE_LIMITED: 'The plugin has used its computing time, or its HTTP requests, for this minute.',
  QUARANTINED: 'The plugin was killed too often and waits for `enable()`.',
  DISABLED: 'The plugin is switched off. Call `enable()` first.',
  CLOSED: 'The plugin or its host is closed, or the plugin was uninstalled.',
  HOST_FUNCTION_FAILED: 'A host function rejected. `cause` has its error.',
  ARGUMENT_UNREADABLE: 'The plugin gave a host function an offset at which no block of its memory starts.',
  HOST_TIMEOUT: 'A host function did not answer in the time the call had left.',
  HOST_CALLS_UNAVAILABLE: 'The engine cannot wait for a host function here. `host.environment.reason` says why.',
  PERMISSION_DENIED: 'The plugin used a capability that it was not granted.',
  HTTP_FAILED: 'An HTTP request of the plugin failed: bad URL, network, size or time.',
  NEEDS_SERVER: 'Only a server can do it, and the host has no `relay`.',
  RELAY_FAILED: 'The relay gave no result that can be used. The message says why, and what to do.',
  QUOTA_EXCEEDED:
    'Vars of the plugin are full or switched off, a host function answered with more than `exchangeBytes`, or a file of data is more than it may keep; a full `kv` is an answer, and no error.',
  DATA_INVALID: 'The file is no export of plugin data, was changed, or is of another plugin. The message says which.',
  STORAGE_FAILED: 'IndexedDB refused or failed. Nothing was changed, but for what a call had stored before.',
  PROTOCOL_VIOLATION: 'A worker sent something that no worker of Cloche sends; it was killed.',
  FRAME_REMOVED:
    'The page removed, moved or reloaded the frame that plugins run in. Nobody is blamed; the next call opens another.',
  FRAME_FAILED: "A plugin's page could not be shown, or did not answer any more; its frame was removed.",
  FRAME_NAVIGATED: "A plugin's page tried to go elsewhere, which could carry data out; its frame was removed.",
};
