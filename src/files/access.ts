// What a plugin may do with which path.

import { decideByRules, isInFolder, type NameRules } from './name-decision.ts';

/** Asked at each operation, so that a grant that was revoked does not count any more. */
export interface Access {
  /** @param path of what is really there: no link leads on from it */
  may(way: 'read' | 'write', path: string): boolean;
  /** Whether something below this folder may be read or written. */
  leads(path: string): boolean;
}

/** What is granted of files, or what a policy has room for. */
export interface FileRules {
  readonly read?: NameRules;
  readonly write?: NameRules;
}

/** What all of them allow; one that is undefined allows all. */
export function accessBy(scopes: readonly (FileRules | undefined)[]): Access {
  const limits = scopes.filter((scope) => scope !== undefined);
  return {
    may: (way, path) =>
      limits.every((scope) => decideByRules(scope[way] ?? {}, (entry) => isInFolder(entry, path)).allowed),
    leads: (path) => limits.every(({ read, write }) => leadsIn(read, path) || leadsIn(write, path)),
  };
}

/** Below what is kept out nothing is allowed, whatever else says so. */
function leadsIn({ disallowAll, disallow = [], allowAll, allow = [] }: NameRules = {}, path: string): boolean {
  if (disallowAll || disallow.some((entry) => isInFolder(entry, path))) return false;
  return allowAll || allow.some((entry) => isInFolder(path, entry));
}
