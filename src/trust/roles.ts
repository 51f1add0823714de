// What the person at the page may do, by the app's word. Comes late, with the rest of `trust`. It keeps buttons and mistakes of the
// app's own pages in check: a script of the page can make a host without it.

import type { Act } from '../audit/act.ts';
import { ClocheError } from '../errors.ts';
import { checkType, givenOptions, type KeysOf } from '../util/given-options.ts';

export interface Roles {
  /** Installing, opening, updating and removing, switching on and off, and all that is done with data. @default true */
  install?: boolean;
  /**
   * Deciding what plugins may do: grants, updates that ask for more, questions. Without it a new plugin is installed with
   * `grant: 'none'`, or with what `trust.grants` has for it, and nobody is asked. @default true
   */
  grant?: boolean;
  /** Config and limits. @default true */
  config?: boolean;
  /** Reading what plugins have logged, and the audit; without it no `log` event is told. @default true */
  logs?: boolean;
}

export type Role = keyof Roles;

const ROLES: KeysOf<Roles> = { install: true, grant: true, config: true, logs: true };

/** What each act takes besides what its options do. */
const NEEDED: Readonly<Record<Act['name'], readonly Role[]>> = {
  install: ['install'],
  open: ['install'],
  uninstall: ['install'],
  removeUnreadable: ['install'],
  wipeOrphan: ['install'],
  accept: ['install', 'grant'],
  dismiss: ['install'],
  // What was granted then is granted again.
  rollback: ['install', 'grant'],
  exportData: ['install'],
  importData: ['install'],
  readDatabase: ['install'],
  configure: [],
  enable: ['install'],
  disable: ['install'],
  answer: ['grant'],
};

/** @throws {ClocheError} OPTION_INVALID */
export function checkedRoles(given: unknown): ReadonlySet<Role> {
  const roles = givenOptions<Roles>('`trust.can`', given, ROLES);
  const names = Object.keys(ROLES) as Role[];
  for (const name of names) checkType(name, roles[name], 'boolean');
  return new Set(names.filter((name) => roles[name] !== false));
}

/** @throws {ClocheError} FORBIDDEN */
export function assertMay(roles: ReadonlySet<Role>, { name, plugin, given }: Act): void {
  const missing = [...NEEDED[name], ...rolesOf(name, given)].find((role) => !roles.has(role));
  if (missing !== undefined) throw forbidden(`\`${name}\` is`, missing, plugin);
}

export function forbidden(what: string, role: Role, plugin?: string): ClocheError {
  const message = `${what} not for whoever uses this page: \`trust.can\` of the app has no \`${role}\``;
  return new ClocheError('FORBIDDEN', message, { plugin });
}

/** Whoever gives a new plugin nothing decides nothing; of one that is there it is a revocation. */
function rolesOf(act: Act['name'], given: object | undefined): Role[] {
  const { grant, config, limits } = (given ?? {}) as Readonly<Record<string, unknown>>;
  return [
    ...(grant !== undefined && (grant !== 'none' || act === 'configure') ? (['grant'] as const) : []),
    ...(config !== undefined || limits !== undefined ? (['config'] as const) : []),
  ];
}
