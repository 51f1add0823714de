// The messages that there are, as English has them.

import type { en } from './en/index.ts';
import type { Plural } from './message.ts';

export type English = typeof en;

/** Names a message. */
export type MessageKey = keyof English;

/** All messages in one language. Names in braces stand for values; a plural has the forms that its language has. */
export type Catalogue = { readonly [Key in MessageKey]: English[Key] extends string ? string : Plural };
