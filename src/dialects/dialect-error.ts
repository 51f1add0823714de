// Why a manifest is read by nobody.

import { ClocheError } from '../errors.ts';
import { DIALECTS, type DialectEntry } from './index.ts';

/** @param dialect one that this version does not run, or undefined for a manifest without anybody's marks */
export function dialectError(dialect: DialectEntry | undefined): ClocheError {
  return new ClocheError('MANIFEST_INVALID', `The manifest is ${dialect ? notRun(dialect) : unknown()}`);
}

function notRun({ label, marks }: DialectEntry): string {
  const run = DIALECTS.filter(({ read }) => read).map((other) => other.label);
  return `that of a ${label} plugin (it has ${marks}), and this version of Cloche does not run those yet; it runs ${listed(run, 'and')}`;
}

function unknown(): string {
  const known = DIALECTS.map(({ label, marks }) => `${label} (${marks})`);
  return `of no known dialect; known are ${listed(known, 'and')}`;
}

function listed(items: readonly string[], last: string): string {
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}
