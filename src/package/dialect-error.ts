// Why a manifest is read by nobody.

import { ClocheError } from '../errors.ts';
import type { PluginFormat } from '../manifest/dialect.ts';

/** @param dialect one that does not run here, or undefined for a manifest without anybody's marks */
export function dialectError(dialect: PluginFormat | undefined, dialects: readonly PluginFormat[]): ClocheError {
  const what = dialect ? notRun(dialect, dialects) : unknown(dialects);
  return new ClocheError('MANIFEST_INVALID', `The manifest is ${what}`);
}

function notRun({ label, marks }: PluginFormat, dialects: readonly PluginFormat[]): string {
  const run = dialects.filter(({ load }) => load).map((other) => other.label);
  return `that of a ${label} plugin (it has ${marks}), and this version of Cloche does not run those yet; it runs ${listed(run)}`;
}

function unknown(dialects: readonly PluginFormat[]): string {
  return `of no known dialect; known are ${listed(dialects.map(({ label, marks }) => `${label} (${marks})`))}`;
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join() : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
