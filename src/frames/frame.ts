// What a frame is made with: the seam between a plugin's page and whoever shows it.

import type { ClocheError } from '../errors.ts';
import type { ColorScheme, PageLook } from './page-protocol.ts';

export interface FrameOptions {
  /** Plugin id. For its page, `/api/plugins/<id>/assets/` on the origin of this page is where it stands. */
  plugin: string;
  /** Accessible name of the frame. */
  title: string;
  /** Asset path of the page. @example 'index.html' */
  page: string;
  /** Asset by path, undefined where there is none. */
  asset(path: string): Promise<Uint8Array | undefined>;
  /** All asset paths. */
  assets: readonly string[];
  /** Answers a request below `/api/plugins/<id>/`; other requests do not get here. Its `signal` is the page's. */
  fetch(request: Request): Promise<Response>;
  /** A message that the page posted to `window.parent`: JSON data, copied, objects without a prototype. */
  receive(message: unknown): void;
  /** How the page looks, each time that it has changed. @default nobody is told */
  look?(look: PageLook): void;
  /** The frame has been removed: FRAME_NAVIGATED or FRAME_FAILED. Called at most once, and not after `close()`. */
  failed(error: ClocheError): void;
  /** `confirm()`, `alert()` and `prompt()` open a dialog of the browser. @default false: nothing opens, `confirm()` is false */
  modals?: boolean;
  /**
   * Nonce of this page's own policy, where that allows scripts and styles by nonce: frames inherit it. The plugin's page
   * learns it. @default none
   */
  policyNonce?: string;
  /** The user followed a link to another site, http or https. Ask before opening it. @default nothing opens */
  link?(url: URL): void;
  /**
   * Told what the page was kept from, a line each, for whoever writes the plugin. @default nothing is said
   * @param byPage the words are the page's own
   */
  warn?(text: string, byPage?: boolean): void;
  /** Closes the frame, also while it opens. */
  signal?: AbortSignal;
}

export interface PluginFrame extends Disposable {
  readonly element: HTMLIFrameElement;
  /** Posts to the page: a MessageEvent whose `origin` is this page's. */
  send(message: object): void;
  /** Lets a page that declares a scheme prefer this one; undefined for a page that declares none, which is light. */
  prefer(scheme: ColorScheme | undefined): void;
  /** Removes the frame; what the page waited for is aborted. */
  close(): void;
}
