// What people do with plugins, as the parts of a host tell of it: for those who ask whether they may, and for the audit.

import type { AskPermission } from '../permissions/ask.ts';

export type ActName =
  | 'install'
  | 'open'
  | 'uninstall'
  | 'removeUnreadable'
  | 'wipeOrphan'
  | 'accept'
  | 'dismiss'
  | 'rollback'
  | 'exportData'
  | 'importData'
  | 'readDatabase'
  | 'configure'
  | 'enable'
  | 'disable'
  | 'answer';

export interface Act {
  readonly name: ActName;
  /** Id of the plugin, or the installation of data that is left; undefined before a package was read. */
  readonly plugin?: string | undefined;
  /** The options or changes, of which the audit takes names and choices and never values. */
  readonly given?: object | undefined;
}

/** Does what a person asks for. @throws {ClocheError} FORBIDDEN, and whatever `work` throws */
export type Perform = <T>(act: Act, work: () => Promise<T>) => Promise<T>;

/** Who notes what people do; comes late. */
export interface ActWatch {
  /** Runs `work`, and notes the act with how it ended. */
  watch: Perform;
  /** The same question, whose answers are noted: those that a person gave, and no others. */
  asked(ask: AskPermission): AskPermission;
}
