// Which plugins the app has at all. Comes late, with the rest of `trust`.

import { ClocheError } from '../errors.ts';
import { isPluginId } from '../manifest/plugin-id.ts';
import { checkType, givenOptions, type KeysOf } from '../util/given-options.ts';
import { shown } from '../util/text/shown.ts';
import { visibleText } from '../util/text/visible-text.ts';
import { describedSignature, type JudgedPlugin, type Publishers } from './trust.ts';

/** A plugin that the app knows. Each pin holds, also with `sideloading`. */
export interface AllowedPlugin {
  id: string;
  /** SHA-256 of its package, of one version or several, as `npx cloche sign` and `plugin.sha256` have it. @default any */
  sha256?: string | readonly string[];
  /** Name of the publisher that has to have signed it, of `trust.publishers`. @default any */
  publisher?: string;
}

export interface PluginRules {
  /** By id; undefined where the app has no list. */
  readonly known: ReadonlyMap<string, Pins> | undefined;
  readonly sideloading: boolean;
}

interface Pins {
  readonly sha256: ReadonlySet<string> | undefined;
  readonly publisher: string | undefined;
}

const PLUGIN: KeysOf<AllowedPlugin> = { id: true, sha256: true, publisher: true };
const SHA256 = /^[0-9a-f]{64}$/;

/** @throws {ClocheError} OPTION_INVALID */
export function checkedPlugins(plugins: unknown, sideloading: unknown, publishers: Publishers): PluginRules {
  checkType('sideloading', sideloading, 'boolean');
  if (plugins === undefined) return { known: undefined, sideloading: sideloading !== false };
  if (!Array.isArray(plugins)) throw invalid(`Expected \`trust.plugins\` to be an array, got ${shown(plugins)}`);
  const known = new Map<string, Pins>();
  for (const item of plugins as readonly unknown[]) {
    const { id, sha256, publisher } = givenOptions<AllowedPlugin>(
      'a plugin',
      isText(item) ? { id: item } : item,
      PLUGIN,
    );
    if (!isPluginId(id)) throw invalid(`Expected \`trust.plugins\` to have ids of plugins, got ${shown(id)}`);
    if (known.has(id)) throw invalid(`\`trust.plugins\` has plugin ${shown(id)} twice`);
    known.set(id, { sha256: checkedPins(id, sha256), publisher: checkedPublisher(id, publisher, publishers) });
  }
  // A list says which plugins there are.
  return { known, sideloading: sideloading === true };
}

/** @returns why a plugin is none of the app's, or undefined */
export function notAllowed(rules: PluginRules, plugin: JudgedPlugin, publishers: Publishers): ClocheError | undefined {
  const { id } = plugin.manifest;
  const pins = rules.known?.get(id);
  const why =
    mismatch(pins, plugin, publishers) ?? (rules.sideloading ? undefined : sideloaded(rules, plugin, publishers));
  if (why === undefined) return undefined;
  const message = `Plugin ${shown(id)} is not allowed here: ${why}`;
  return new ClocheError('NOT_ALLOWED', message, { plugin: id });
}

function mismatch(pins: Pins | undefined, plugin: JudgedPlugin, publishers: Publishers): string | undefined {
  const { sha256, publisher } = pins ?? {};
  if (sha256 && plugin.sha256 === undefined) {
    return 'the SHA-256 of its package is not known, as it was installed by an earlier version; install it again';
  }
  if (sha256 && !sha256.has(plugin.sha256 ?? '')) {
    return `the SHA-256 of its package is ${plugin.sha256}, which is none of those that the app has for it`;
  }
  if (publisher === undefined || signerOf(plugin, publishers) === publisher) return undefined;
  return `it is not signed by ${visibleText(publisher, 100)}`;
}

/** An id is only what a package says of itself: somebody has to vouch for it, by the hash or by a signature. */
function sideloaded({ known }: PluginRules, plugin: JudgedPlugin, publishers: Publishers): string | undefined {
  const pins = known?.get(plugin.manifest.id);
  if (known && !pins)
    return 'it is not on the list of the app, and `sideloading` is off; pass `id` where it has another';
  if (pins?.sha256 || signerOf(plugin, publishers) !== undefined) return undefined;
  return 'none of the publishers of the app has signed it, and `sideloading` is off';
}

function signerOf({ signature }: JudgedPlugin, publishers: Publishers): string | undefined {
  return describedSignature(signature, publishers).publisher;
}

function checkedPins(id: string, given: unknown): ReadonlySet<string> | undefined {
  if (given === undefined) return undefined;
  const hashes: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (hashes.length > 0 && hashes.every((hash) => isText(hash) && SHA256.test(hash)))
    return new Set(hashes as string[]);
  throw invalid(`Expected \`sha256\` of plugin ${shown(id)} to be 64 lower-case hex digits, or several of them`);
}

function checkedPublisher(id: string, given: unknown, publishers: Publishers): string | undefined {
  if (given === undefined) return undefined;
  const found = [...publishers.values()].find((name) => name === given);
  if (found !== undefined) return found;
  throw invalid(
    `Expected \`publisher\` of plugin ${shown(id)} to be a name of \`trust.publishers\`, got ${shown(given)}`,
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function invalid(message: string): ClocheError {
  return new ClocheError('OPTION_INVALID', message);
}
