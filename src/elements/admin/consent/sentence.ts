// A sentence about a plugin in the language of an element, with the names in it marked as somebody else's.

import type { TemplateResult } from 'lit';
import type { Sentence, SentenceForm } from '../../../index.ts';
import type { MessageKey } from '../../words/message-key.ts';
import type { Words } from '../../words/words.ts';
import { mono, plain, theirs } from '../base/theirs.ts';
import { en } from '../words/en/index.ts';

/** Names that people read; all others are for machines. */
const READ: ReadonlySet<string> = new Set(['names', 'why']);

/** As much as a list of names may take: all that the core reads, as what is cut off would be allowed unseen. */
const LIST_BYTES = 1 << 20;

type FormKey = Extract<MessageKey, `can.${string}`>;

/** Every form of the core has its message: the compiler knows. */
const KEYS: { readonly [Form in SentenceForm]: FormKey & `can.${Form}` } = Object.fromEntries(
  Object.keys(en).flatMap((key) => (key.startsWith('can.') ? [[key.slice('can.'.length), key]] : [])),
) as { readonly [Form in SentenceForm]: FormKey & `can.${Form}` };

/** What an app has written itself stays as it is. */
export function sentence(words: Words, said: Sentence): readonly unknown[] | TemplateResult {
  if (said.form === undefined) return theirs(withoutTicks(said.text), LIST_BYTES);
  const shown = Object.fromEntries(Object.entries(said.names).map(([word, name]) => [word, show(words, word, name)]));
  return words.put(KEYS[said.form], shown as never);
}

/** The same for an attribute. */
export function sentenceText(words: Words, said: Sentence): string {
  if (said.form === undefined) return plain(withoutTicks(said.text), LIST_BYTES);
  const names = Object.fromEntries(
    Object.entries(said.names).map(([word, name]) => [word, showPlain(words, word, name)]),
  );
  return words.say(KEYS[said.form], names as never);
}

function show(words: Words, word: string, name: unknown): unknown {
  if (typeof name === 'number') return word === 'bytes' ? words.bytes(name) : name;
  if (word !== 'addresses') return (READ.has(word) ? theirs : mono)(textOf(name), LIST_BYTES);
  return (name as readonly string[]).map((pattern, at) => [at > 0 ? ', ' : '', address(words, pattern)]);
}

function showPlain(words: Words, word: string, name: unknown): string | number {
  if (typeof name === 'number') return word === 'bytes' ? words.bytes(name) : name;
  if (word !== 'addresses') return plain(textOf(name), LIST_BYTES);
  return (name as readonly string[]).map((pattern) => addressText(words, pattern)).join(', ');
}

function address(words: Words, pattern: string): unknown {
  const domain = domainOf(pattern);
  return domain === undefined ? mono(pattern) : words.put('can.everybodyAt', { domain: mono(domain) });
}

function addressText(words: Words, pattern: string): string {
  const domain = domainOf(pattern);
  return domain === undefined ? plain(pattern) : words.say('can.everybodyAt', { domain: plain(domain) });
}

/** Of a pattern that stands for all addresses of a domain. */
function domainOf(pattern: string): string | undefined {
  return pattern.startsWith('*@') ? pattern.slice(2) : undefined;
}

function textOf(name: unknown): string {
  return withoutTicks(Array.isArray(name) ? name.join(', ') : String(name));
}

/** Names between backticks are for developers. */
function withoutTicks(text: string): string {
  return text.replaceAll('`', '');
}
