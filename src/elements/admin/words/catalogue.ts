// Which messages there are, in which languages, and how an app adds another.

import { en } from './en/index.ts';
import type { Message } from './message.ts';
import type { Catalogue, MessageKey } from './message-key.ts';

type Loaded = Partial<Catalogue>;

const loaders = new Map<string, () => Promise<Loaded>>([['de', async () => (await import('./de/index.ts')).de]]);
const catalogues = new Map<string, Loaded>([['en', en]]);
const listeners = new Set<() => void>();

/**
 * Gives the admin elements a language, or other words for one that they have. What is left out stays English.
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
    if (catalogue && Object.hasOwn(catalogue, key)) return catalogue[key] ?? en[key];
  }
  return en[key];
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
