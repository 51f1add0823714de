// The elements of Cloche: importing this defines them.

export type { PickUser, UserRequest } from './extension/bridge/user-picking.ts';
export { ClocheExtension } from './extension/extension.ts';
export { BridgeMessageEvent, ExtensionFailedEvent, ExtensionSelectEvent } from './extension/extension-events.ts';
export type { ExtensionHost, ExtensionPlugin, ListedExtension } from './extension/host-like.ts';
export { ClocheHostCalls } from './host-calls/host-calls.ts';
export { ClocheLimitBar } from './limit-bar/limit-bar.ts';
export { ClocheLogView } from './log-view/log-view.ts';
export { ClocheMark } from './mark/mark.ts';
export { ClocheState, type ShownState } from './state/state.ts';
export { ClocheTabs, type Tab, TabEvent } from './tabs/tabs.ts';
export { defineMessages } from './words/catalogue.ts';
