// A host in memory for tests of <cloche-extension>: its plugins have pages and no worker. The frames are real.

import { html } from 'lit';
import { windshift } from '../../src/dialects/windshift/windshift.ts';
import type { ClocheExtension } from '../../src/elements/extension/extension.ts';
import type { ExtensionHost, ExtensionPlugin, ListedExtension } from '../../src/elements/extension/host-like.ts';
import type { PluginPage } from '../../src/elements/extension/page/page.ts';
import { PluginChangeEvent } from '../../src/events.ts';
import type { Claims } from '../../src/manifest/claims.ts';
import type { PageProtocol } from '../../src/manifest/page-messages.ts';
import { find, renderElement, settled, textOf, until } from '../helpers/render.ts';

interface StandInExtension extends ListedExtension {
  readonly point: string;
}

export interface PluginScript {
  readonly id: string;
  readonly name?: string;
  /** Text of its assets by path. */
  readonly assets: Readonly<Record<string, string>>;
  readonly contributions?: readonly Partial<StandInExtension>[];
  readonly grants?: readonly string[];
  readonly needsServer?: Readonly<Record<string, string>>;
}

export class StandInExtensionPlugin implements ExtensionPlugin {
  state: ExtensionPlugin['state'] = 'asleep';
  readonly grants: ReadonlyMap<string, unknown>;
  readonly needsServer: ReadonlyMap<string, string>;
  contributions: readonly StandInExtension[];
  requests: string[] = [];
  /** Whom each of those was made for. */
  claims: (Claims | undefined)[] = [];
  readonly #host: StandInExtensionHost;
  #script: PluginScript;

  constructor(host: StandInExtensionHost, script: PluginScript) {
    this.#host = host;
    this.#script = script;
    this.grants = new Map((script.grants ?? []).map((name) => [name, undefined]));
    this.needsServer = new Map(Object.entries(script.needsServer ?? {}));
    this.contributions = listed(script);
  }

  get id(): string {
    return this.#script.id;
  }

  get manifest(): ExtensionPlugin['manifest'] {
    const assets = Object.entries(this.#script.assets).map(([path, text]) => ({
      path,
      sha256: text,
      size: text.length,
    }));
    return { name: this.#script.name ?? this.id, version: '1', assets };
  }

  async asset(path: string): Promise<Uint8Array | undefined> {
    const text = this.#script.assets[path];
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }

  async fetch(request: Request, init?: { claims?: Claims }): Promise<Response> {
    this.requests.push(new URL(request.url).pathname);
    this.claims.push(init?.claims);
    return Response.json({ plugin: this.id });
  }

  pageProtocol(): Promise<PageProtocol> {
    return windshift.page();
  }

  /** As an update does it. */
  update(script: Partial<PluginScript>): void {
    this.#script = { ...this.#script, ...script };
    this.contributions = listed(this.#script);
    this.#host.changed();
  }

  async enable(): Promise<void> {
    this.become('asleep');
  }

  async disable(): Promise<void> {
    this.become('off');
  }

  become(state: ExtensionPlugin['state']): void {
    this.state = state;
    this.#host.dispatchEvent(new PluginChangeEvent(this.id, 'state'));
    this.#host.changed();
  }
}

export class StandInExtensionHost extends EventTarget implements ExtensionHost {
  readonly disabled: boolean;
  readonly plugins: StandInExtensionPlugin[];

  constructor(scripts: readonly PluginScript[], disabled = false) {
    super();
    this.disabled = disabled;
    this.plugins = scripts.map((script) => new StandInExtensionPlugin(this, script));
  }

  extensions(point: string): readonly ListedExtension[] {
    if (this.disabled) return [];
    return this.plugins
      .filter(({ state }) => state !== 'off' && state !== 'quarantined')
      .flatMap(({ contributions }) => contributions.filter((contribution) => contribution.point === point));
  }

  get(id: string): StandInExtensionPlugin | undefined {
    return this.plugins.find((plugin) => plugin.id === id);
  }

  add(script: PluginScript): void {
    this.plugins.push(new StandInExtensionPlugin(this, script));
    this.changed();
  }

  remove(id: string): void {
    this.plugins.splice(
      this.plugins.findIndex((plugin) => plugin.id === id),
      1,
    );
    this.changed();
  }

  changed(): void {
    this.dispatchEvent(new Event('extensionchange'));
  }
}

function listed({ id, name, contributions }: PluginScript): StandInExtension[] {
  return (contributions ?? [{}]).map((given) => ({
    plugin: id,
    point: 'admin.tab',
    id: 'main',
    label: name ?? id,
    component: undefined,
    group: 'Plugins',
    ...given,
  }));
}

/** A page with a script, after a line of text. */
export function pageOf(script: string, body = '<p>Page</p>'): string {
  return `<!doctype html><meta charset="utf-8">${body}<script>${script}</script>`;
}

/** The beginning of a script that says it is ready, and tells the test all that it hears. */
export const ECHO = `
  const say = (message) => parent.postMessage(message, '*');
  addEventListener('message', (event) => say({ type: 'test:heard', message: event.data }));
  say({ type: 'plugin:ready' });
`;

/** A plugin whose page runs a script. */
export function plugin(script: string, more: Partial<PluginScript> = {}): PluginScript {
  return { id: 'standup', name: 'Standup', assets: { 'index.html': pageOf(script) }, ...more };
}

export function extension(host: ExtensionHost, attributes: Partial<ClocheExtension> = {}): Promise<ClocheExtension> {
  return renderElement<ClocheExtension>(html`
    <cloche-extension
      .point=${attributes.point ?? 'admin.tab'}
      .plugin=${attributes.plugin ?? ''}
      .contribution=${attributes.contribution ?? ''}
      .selected=${attributes.selected ?? ''}
      .maxHeight=${attributes.maxHeight ?? 10_000}
      .pickUser=${attributes.pickUser}
      .claims=${attributes.claims}
      .disabled=${attributes.disabled ?? false}
      .host=${host}
    ></cloche-extension>
  `);
}

export function pagesOf(element: ClocheExtension): PluginPage[] {
  return [...(element.shadowRoot?.querySelectorAll('cloche-plugin-page') ?? [])];
}

/** The page that can be seen. */
export function pageShown(element: ClocheExtension): PluginPage {
  const page = pagesOf(element).find((one) => one.getClientRects().length > 0);
  if (!page) throw new Error('Expected a page to be shown');
  return page;
}

export function frameOf(page: PluginPage): HTMLIFrameElement | undefined {
  return page.shadowRoot?.querySelector('iframe') ?? undefined;
}

/** What the page of the element has heard from the host, by ECHO; grows as more comes. */
export function heardBy(element: ClocheExtension): HeardMessage[] {
  const heard: HeardMessage[] = [];
  element.addEventListener('bridgemessage', ({ message }) => {
    if (message.type === 'test:heard') heard.push((message as { type: string; message: HeardMessage }).message);
  });
  return heard;
}

export interface HeardMessage {
  readonly type: string;
  readonly id?: unknown;
  readonly result?: unknown;
  readonly user?: unknown;
  readonly variables?: Record<string, string>;
  readonly colorScheme?: string;
}

export const isRevealed = (page: PluginPage): boolean =>
  page.shadowRoot?.querySelector('.place')?.classList.contains('shown') ?? false;

export async function revealed(element: ClocheExtension): Promise<PluginPage> {
  await until(() => isRevealed(pageShown(element)), 'the page to be shown');
  return pageShown(element);
}

export const dialogOf = (page: PluginPage): HTMLDialogElement => find(page, 'cloche-plugin-dialog', 'dialog');
export const placeOf = (page: PluginPage): HTMLElement => find(page, '.place');
export const isOpen = (page: PluginPage) => until(() => dialogOf(page).open, 'a dialog');
export const hasFailed = (page: PluginPage): boolean => !!page.shadowRoot?.querySelector('.failure');

/** The page of a plugin that has this script, in an element of its own. */
export async function shown(
  script: string,
  more: Partial<PluginScript> = {},
  attributes: Partial<ClocheExtension> = {},
) {
  const host = new StandInExtensionHost([plugin(script, more)]);
  const element = await extension(host, attributes);
  return { host, element, heard: heardBy(element), page: pageShown(element) };
}

/** Three plugins, of which the last has two pages. */
export const three = () =>
  new StandInExtensionHost([
    plugin(ECHO, { id: 'one', name: 'One', contributions: [{ group: 'Development' }] }),
    plugin(ECHO, { id: 'two', name: 'Two' }),
    plugin(ECHO, {
      id: 'three',
      name: 'Three',
      contributions: [
        { id: 'a', label: 'A' },
        { id: 'b', label: 'B' },
      ],
    }),
  ]);

export const tabsOf = (element: ClocheExtension): HTMLElement[] => [
  ...(element.shadowRoot?.querySelector('cloche-tabs')?.shadowRoot?.querySelectorAll<HTMLElement>('[role=tab]') ?? []),
];
export const labels = (element: ClocheExtension): string[] => tabsOf(element).map((tab) => textOf(tab));
export const chosen = (element: ClocheExtension): string =>
  textOf(tabsOf(element).find((tab) => tab.ariaSelected === 'true') ?? element);
export const shownPlugin = (element: ClocheExtension): string => pageShown(element).source?.contribution.plugin ?? '';

export async function choose(element: ClocheExtension, at: number): Promise<void> {
  tabsOf(element)[at]?.click();
  await settled(element.parentElement ?? document);
}

export async function drawn(element: ClocheExtension): Promise<void> {
  await element.updateComplete;
  await settled(element.parentElement ?? document);
}
