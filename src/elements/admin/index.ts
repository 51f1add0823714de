// The admin elements: importing this defines them.

export { defineMessages } from '../words/catalogue.ts';
export type { Message, Plural } from '../words/message.ts';
export type { Catalogue, MessageKey } from '../words/message-key.ts';
export { type AdminTab, ClocheAdmin } from './admin/admin.ts';
export { AdminRouteEvent } from './admin/route-event.ts';
export { ClocheAudit } from './audit/audit.ts';
export type { AdminHost, AdminPlugin } from './base/admin-host.ts';
export { PluginOpenEvent } from './base/plugin-link.ts';
export { ClocheConfig } from './config/config.ts';
export { ConfigSaveEvent } from './config/config-events.ts';
export { ClocheConsent } from './consent/consent.ts';
export {
  askWith,
  type ConsentAnswer,
  ConsentEvent,
  type ConsentRequest,
  type OnConsent,
  type PackageAnswer,
  type PackageRequest,
  type UseRequest,
} from './consent/consent-events.ts';
export type { ConsentLine, ConsentText, DeniedLine, SaidSentence } from './consent/consent-text.ts';
export { ClochePlugin } from './plugin/plugin.ts';
export { ClochePlugins } from './plugins/plugins.ts';
export {
  type FaultyFolder,
  type ServerData,
  type ServerFolder,
  type ServerPlugin,
  takeOver,
} from './take-over/late.ts';
