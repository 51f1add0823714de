// The typings of the elements for Vue, as its templates use them: compiled against the package by test/node/package.test.ts.

import type { Host } from 'cloche';
import type { AdminRouteEvent, ConsentEvent } from 'cloche/admin';
import type {} from 'cloche/vue';
import type { GlobalComponents } from 'vue';

type PropsOf<Name extends keyof GlobalComponents> = InstanceType<GlobalComponents[Name]>['$props'];

declare const host: Host;

export const admin: PropsOf<'cloche-admin'> = {
  host,
  tabs: 'plugins activity',
  noPages: true,
  class: 'admin',
  onAdminroute: ({ route }: AdminRouteEvent) => route.at(0),
  onConsent: ({ allowed }: ConsentEvent) => allowed,
};

export const tabs: PropsOf<'cloche-tabs'> = { value: 'one', 'onCloche-tab': ({ tab }) => tab.at(0) };

// @ts-expect-error: a height is a number
export const wrongType: PropsOf<'cloche-extension'> = { maxHeight: 'tall' };

// @ts-expect-error: there is no such property
export const wrongName: PropsOf<'cloche-admin'> = { tab: 'plugins' };

// @ts-expect-error: another event
export const wrongEvent: PropsOf<'cloche-plugins'> = { onPluginopen: (event: ConsentEvent) => event.kind };

/** What an event of an element is called with. */
export function listens(element: InstanceType<GlobalComponents['cloche-config']>): void {
  element.$emit('configsave', new Event('configsave') as Parameters<typeof element.$emit>[1]);
  // @ts-expect-error: there is no such event
  element.$emit('saved', new Event('saved'));
}
