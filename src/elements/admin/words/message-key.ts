// The messages that there are, as English has them.

import type { pages } from '../../extension/words/en.ts';
import type { en } from './en/index.ts';
import type { Plural } from './message.ts';

export type English = typeof en & typeof pages;

/** Names a message. */
export type MessageKey = keyof English;

/** Messages in one language. Names in braces stand for values; a plural has the forms that its language has. */
export type Translation<Own> = { readonly [Key in keyof Own]: Own[Key] extends string ? string : Plural };

/** All of them. */
export type Catalogue = Translation<English>;
