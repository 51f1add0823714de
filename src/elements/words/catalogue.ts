// Which messages there are, in which languages, and how an app adds another.

import type { Message } from './message.ts';
import type { Catalogue, MessageKey } from './message-key.ts';

type Loaded = Partial<Catalogue>;

const loaders = new Map<string, () => Promise<Loaded>>();
const catalogues = new Map<string, Loaded>();
const listeners = new Set<() => void>();

/**
 * Brings the messages of elements: a page that has no admin loads none of its words. What an app has defined stays in its place.
 * @param en there at once: what another language leaves out is shown in it
 * @param others how to fetch them when a language is first shown
 */
export function bringMessages(en: Loaded, others: Readonly<Record<string, () => Promise<Loaded>>>): void {
  catalogues.set('en', { ...en, ...catalogues.get('en') });
  for (const [name, load] of Object.entries(others)) {
    const before = loaders.get(name);
    loaders.set(name, before ? async () => ({ ...(await load()), ...(await before()) }) : load);
  }
}

/**
 * Gives the elements a language, or other words for one that they have. What is left out stays English.
 * @param language as in `lang`: `fr`, or `pt-BR` for one region only
 * @param messages all or some, or how to fetch them when the language is first shown
 * @example defineMessages('fr', () => import('./cloche-fr.js').then(({ messages }) => messages))
 */
export function defineMessages(language: string, messages: Loaded | (() => Promise<Loaded>)): void {
  const name = language.toLowerCase();
  if (typeof messages === 'function') {
    catalogues.delete(name);
    loaders.set(name, messages);
  } else {
    // Words of the app in the place of some of ours.
    const before = loaders.get(name);
    if (before) loaders.set(name, async () => ({ ...(await before()), ...messages }));
    else catalogues.set(name, { ...catalogues.get(name), ...messages });
  }
  tell();
}

/** The message in a language, or in English until that has come. */
export function messageIn(language: string, key: MessageKey): Message {
  for (const name of namesOf(language)) {
    const catalogue = catalogueOf(name);
    // A catalogue is the app's: only what it has itself is a message.
    const message = catalogue && Object.hasOwn(catalogue, key) ? catalogue[key] : undefined;
    if (message !== undefined) return message;
  }
  return catalogues.get('en')?.[key] ?? key;
}

/** Told when messages are others. @returns how to end that */
export function onMessages(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `pt-BR` is looked for as itself first, and then as `pt`. */
function namesOf(language: string): string[] {
  const name = language.toLowerCase();
  const base = name.split('-')[0] ?? name;
  return base === name ? [name] : [name, base];
}

function catalogueOf(name: string): Loaded | undefined {
  const loader = loaders.get(name);
  if (loader) {
    loaders.delete(name);
    // Until it has come the elements are in English; an app whose language cannot be fetched stays so.
    loader().then(
      (messages) => {
        // Words of the app that came meanwhile stay.
        catalogues.set(name, { ...messages, ...catalogues.get(name) });
        tell();
      },
      (thrown: unknown) => reportError(thrown),
    );
  }
  return catalogues.get(name);
}

function tell(): void {
  for (const listener of listeners) listener();
}
