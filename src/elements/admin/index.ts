// The admin elements: importing this defines them.

export type { AdminHost, AdminPlugin } from './base/admin-host.ts';
export { defineMessages } from './words/catalogue.ts';
export type { Message, Plural } from './words/message.ts';
export type { Catalogue, MessageKey } from './words/message-key.ts';
