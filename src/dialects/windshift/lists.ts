// What Windshift plugins contribute, in their manifest and in what they say of themselves: Go structs in, our model out.

import type { Contribution, Route, Subscription } from '../../manifest/contributions.ts';
import { checkedText, type TextRule } from '../../manifest/fields.ts';
import type { PermissionRequest } from '../../manifest/plugin-manifest.ts';
import { invalid, type Path } from '../../util/json/untrusted-json.ts';
import { type GoType, goInt, goList, goString, goStruct, type ValueOf } from './go/json.ts';

/** `order` may be absent, where Go's 0 would say so. */
const goMaybeInt: GoType<number | undefined> = { ...goInt, zero: () => undefined };

/** `pluginName` is checked as everything is, and means nothing. */
export const GoExtensions = goList(
  goStruct('plugins.Extension', {
    point: goString,
    id: goString,
    label: goString,
    description: goString,
    icon: goString,
    component: goString,
    styles: goString,
    group: goString,
    order: goMaybeInt,
    pluginName: goString,
  }),
);

export const GoRoutes = goList(goStruct('plugins.Route', { method: goString, path: goString, description: goString }));

export const GoWebhooks = goList(
  goStruct('plugins.Webhook', { id: goString, events: goList(goString), handler: goString }),
);

/** Text in one line: names, labels, paths. */
export const LINE: TextRule = { max: 255 };
export const PROSE: TextRule = { max: 2_000, lines: true };

/** Most items of each list. */
const MOST = 500;

/** @throws {ClocheError} MANIFEST_INVALID with the path, as all readers here */
export function contributionsOf(extensions: ValueOf<typeof GoExtensions>): Contribution[] {
  return each(['extensions'], extensions, (extension, path) => {
    const text = (key: 'point' | 'id' | 'label' | 'icon' | 'component' | 'styles' | 'group'): string =>
      checkedText(extension[key], [...path, key], LINE);
    return {
      point: text('point'),
      id: text('id'),
      label: text('label'),
      description: checkedText(extension.description, [...path, 'description'], PROSE),
      icon: text('icon') || undefined,
      component: text('component') || undefined,
      styles: text('styles') || undefined,
      group: text('group') || undefined,
      order: extension.order,
    };
  });
}

export function routesOf(routes: ValueOf<typeof GoRoutes>): Route[] {
  return each(['routes'], routes, ({ method, path: route, description }, path) => ({
    method: checkedText(method, [...path, 'method'], LINE),
    path: checkedText(route, [...path, 'path'], PROSE),
    description: checkedText(description, [...path, 'description'], PROSE),
  }));
}

export function subscriptionsOf(webhooks: ValueOf<typeof GoWebhooks>): Subscription[] {
  return each(['webhooks'], webhooks, ({ id, events, handler }, path) => ({
    id: checkedText(id, [...path, 'id'], LINE),
    events: each([...path, 'events'], events, (event, at) => checkedText(event, at, LINE)),
    handler: checkedText(handler, [...path, 'handler'], LINE),
  }));
}

/** What its `capabilities` are since there are licences: features of the app. They gate no host function. */
export function featuresOf(capabilities: readonly string[]): string[] {
  return each(['capabilities'], capabilities, (feature, path) => checkedText(feature, path, LINE));
}

/** Pages of Windshift plugins call `confirm()`, and no manifest says so. */
export function permissionsOf(contributions: readonly Contribution[]): PermissionRequest[] {
  return contributions.length > 0 ? [{ capability: 'dialogs', scope: undefined, reason: undefined }] : [];
}

function each<T, R>(path: Path, items: readonly T[], read: (item: T, path: Path) => R): R[] {
  if (items.length > MOST) throw invalid(path, `has ${items.length} items, more than ${MOST}`);
  return items.map((item, index) => read(item, [...path, index]));
}
