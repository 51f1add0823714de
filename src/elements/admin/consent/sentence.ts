// A sentence of the core in the language of an element, with the names in it marked as somebody else's.

import type { TemplateResult } from 'lit';
import { mono, theirs } from '../base/theirs.ts';
import { en } from '../words/en/index.ts';
import type { MessageKey } from '../words/message-key.ts';
import type { Words } from '../words/words.ts';
import type { CoreSentence, SentenceForm } from './core-sentences.ts';

/** Names that machines read. */
const EXACT: ReadonlySet<string> = new Set(['host', 'hosts', 'paths', 'except', 'functions', 'methods', 'capability']);

/** As much as a list of names may take. */
const LIST_BYTES = 2_000;

type FormKey = Extract<MessageKey, `can.${string}`>;

/** Every form of the core has its message: the compiler knows. */
const KEYS: { readonly [Form in SentenceForm]: FormKey & `can.${Form}` } = Object.fromEntries(
  Object.keys(en).flatMap((key) => (key.startsWith('can.') ? [[key.slice('can.'.length), key]] : [])),
) as { readonly [Form in SentenceForm]: FormKey & `can.${Form}` };

/** What an app has written itself stays as it is. */
export function sentence(words: Words, { form, names, text }: CoreSentence): readonly unknown[] | TemplateResult {
  if (form === undefined) return theirs(withoutTicks(text), LIST_BYTES);
  const shown = Object.fromEntries(
    Object.entries(names).map(([word, name]) => {
      const show = EXACT.has(word) ? mono : theirs;
      return [word, show(withoutTicks(name), LIST_BYTES)];
    }),
  );
  return words.put(KEYS[form], shown as never);
}

/** Names between backticks are for developers. */
function withoutTicks(text: string): string {
  return text.replaceAll('`', '');
}
