// Which rule of a permission decides about a name, and whether a path lies in a folder: what page and worker must agree on.

/** What a permission says of names; entries in canonical form, at most 1,000 a list. */
export interface NameRules {
  readonly disallowAll?: true;
  readonly disallow?: readonly string[];
  readonly allowAll?: true;
  readonly allow?: readonly string[];
}

/** @param isIn whether an entry covers what is asked for */
export function decideByRules(
  rules: NameRules,
  isIn: (entry: string) => boolean,
  isDisallowedBy: (entry: string) => boolean = isIn,
): { allowed: boolean; rule: keyof NameRules | 'none'; entry: string | undefined } {
  if (rules.disallowAll) return { allowed: false, rule: 'disallowAll', entry: undefined };
  const against = rules.disallow?.find(isDisallowedBy);
  if (against !== undefined) return { allowed: false, rule: 'disallow', entry: against };
  if (rules.allowAll) return { allowed: true, rule: 'allowAll', entry: undefined };
  const entry = rules.allow?.find(isIn);
  return { allowed: entry !== undefined, rule: entry === undefined ? 'none' : 'allow', entry };
}

/** Whether a path is a folder or lies in it, at a segment boundary. Both canonical. */
export function isInFolder(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
