// The messages that there are, as English has them.

import type { en as admin } from '../admin/words/en/index.ts';
import type { databases } from '../databases/words/en.ts';
import type { pages } from '../extension/words/en.ts';
import type { palette } from '../palette/words/en.ts';
import type { tasks } from '../tasks/words/en.ts';
import type { Plural } from './message.ts';

export type English = typeof admin & typeof pages & typeof palette & typeof tasks & typeof databases;

/** Names a message. */
export type MessageKey = keyof English;

/** Messages in one language. Names in braces stand for values; a plural has the forms that its language has. */
export type Translation<Own> = { readonly [Key in keyof Own]: Own[Key] extends string ? string : Plural };

/** All of them. */
export type Catalogue = Translation<English>;
