// Which contributions an element shows, under which names, and when a page has become another one.

import { shownLine } from '../../util/text/shown-text.ts';
import type { Tab } from '../tabs/tabs.ts';
import type { ExtensionHost, ExtensionPlugin, ListedExtension } from './host-like.ts';

/** One page that can be shown. */
export interface Listing {
  /** `<plugin>/<contribution>`, with `#2` and so on after it where a plugin uses an id again. */
  readonly key: string;
  /** Name of tab and slot: the key in characters that an id may have. */
  readonly slot: string;
  readonly label: string;
  readonly group: string;
  readonly plugin: ExtensionPlugin;
  readonly contribution: ListedExtension;
  /** Differs when the page has to be opened anew. */
  readonly revision: string;
}

/** What is asked for; what is empty is not asked. */
export interface Wanted {
  readonly point: string;
  readonly plugin: string;
  readonly contribution: string;
}

const MOST_LABEL_BYTES = 100;

export function listingsOf(host: ExtensionHost, wanted: Wanted): Listing[] {
  const taken = new Map<string, number>();
  return host.extensions(wanted.point).flatMap((contribution) => {
    if (wanted.plugin && contribution.plugin !== wanted.plugin) return [];
    if (wanted.contribution && contribution.id !== wanted.contribution) return [];
    const plugin = host.get(contribution.plugin);
    if (!plugin) return [];
    const id = `${plugin.id}/${contribution.id}`;
    const times = (taken.get(id) ?? 0) + 1;
    taken.set(id, times);
    return [listing(times > 1 ? `${id}#${times}` : id, plugin, contribution)];
  });
}

/**
 * The listings of now, and among them those of before whose plugin was quarantined since: the host lists it no more, but
 * its page may hold what somebody has typed, and is where they learn why it does not answer.
 */
export function withQuarantined(host: ExtensionHost, before: readonly Listing[], now: readonly Listing[]): Listing[] {
  const all = [...now];
  for (const [at, listing] of before.entries()) {
    const { plugin, key } = listing;
    const isGone = plugin.state !== 'quarantined' || host.get(plugin.id) !== plugin;
    if (!isGone && !now.some((other) => other.key === key)) all.splice(at, 0, listing);
  }
  return all;
}

/** A tab for each; those of several plugins that have one label say whose they are. */
export function tabsFor(listings: readonly Listing[]): Tab[] {
  return listings.map(({ slot, label, group, plugin }) => {
    const alike = listings.filter((other) => other.label === label && other.plugin !== plugin);
    return { id: slot, label, group, detail: alike.length > 0 ? nameAmong(plugin, alike) : undefined };
  });
}

/** Names may be equal as well, and ids are not. */
function nameAmong(named: ExtensionPlugin, others: readonly Listing[]): string {
  return others.some(({ plugin }) => plugin.manifest.name === named.manifest.name) ? named.id : nameOf(named);
}

/** What a page is called. */
export function labelOf({ label, id }: ListedExtension, plugin: ExtensionPlugin): string {
  return shownLine(label, MOST_LABEL_BYTES) || shownLine(id, MOST_LABEL_BYTES) || nameOf(plugin);
}

/** What a plugin calls itself, fit to be shown: a mark in it that ends an isolation would turn the words around any `<bdi>`. */
export function nameOf({ id, manifest: { name } }: ExtensionPlugin): string {
  return shownLine(name, MOST_LABEL_BYTES) || id;
}

function listing(key: string, plugin: ExtensionPlugin, contribution: ListedExtension): Listing {
  const { group, component } = contribution;
  const { version, assets } = plugin.manifest;
  const hashes = assets.map(({ path, sha256 }) => `${path} ${sha256}`);
  return {
    key,
    slot: slotOf(key),
    label: labelOf(contribution, plugin),
    group: shownLine(group ?? '', MOST_LABEL_BYTES),
    plugin,
    contribution,
    revision: [key, version, component, plugin.grants.has('dialogs'), ...hashes].join('\n'),
  };
}

/** An id of a contribution may hold anything, and an attribute that lists ids ends one at each space. */
function slotOf(key: string): string {
  return key.replace(/[^\w-]/g, (character) => `.${character.charCodeAt(0).toString(16)}.`);
}
