// What `<cloche-extension>` needs of a host. `Host` and `Plugin` fit; tests bring their own.

import type { Claims } from '../../manifest/claims.ts';
import type { Contribution } from '../../manifest/contributions.ts';
import type { PageProtocol } from '../../manifest/page-messages.ts';
import type { AssetEntry } from '../../manifest/plugin-manifest.ts';

/** Of what a plugin adds to a point, what is shown. `host.extensions(point)` lists more, in their order. */
export interface ListedExtension extends Pick<Contribution, 'id' | 'label' | 'group' | 'component'> {
  /** Id of the plugin. */
  readonly plugin: string;
}

export interface ExtensionPlugin {
  readonly id: string;
  readonly manifest: { readonly name: string; readonly version: string; readonly assets: readonly AssetEntry[] };
  readonly state: 'running' | 'asleep' | 'loading' | 'failed' | 'off' | 'quarantined' | 'blocked' | 'closed';
  readonly grants: ReadonlyMap<string, unknown>;
  /** What of its grant only a server can do, while none is configured: a sentence by capability. */
  readonly needsServer: ReadonlyMap<string, string>;
  asset(path: string): Promise<Uint8Array | undefined>;
  /** Answers from this plugin's own routes and assets. */
  fetch(request: Request, init?: { claims?: Claims }): Promise<Response>;
  /** Adds a line to its log, in the words of the host. */
  warn?(text: string): void;
  /** The words of its pages; undefined where its dialect has none. */
  pageProtocol(): Promise<PageProtocol | undefined>;
  enable(): Promise<void>;
  disable(): Promise<void>;
}

export interface ExtensionHost {
  /** Whether the plugin system as a whole is switched off. */
  readonly disabled: boolean;
  extensions(point: string): readonly ListedExtension[];
  get(id: string): ExtensionPlugin | undefined;
  addEventListener(type: 'extensionchange' | 'pluginchange', listener: (event: Event) => void): void;
  removeEventListener(type: 'extensionchange' | 'pluginchange', listener: (event: Event) => void): void;
}
