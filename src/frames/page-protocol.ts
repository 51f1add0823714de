// The wire between the host, the outer frame and a plugin's page: types only, no logic.

/**
 * Page to host window, once, as the bootstrap runs. With it comes the port that is the only channel from then on. The page
 * makes it and not the host: so it can speak at once, also when a dialog keeps it from hearing anything.
 */
export interface Hello {
  readonly type: 'CLOCHE_PAGE';
  readonly nonce: string;
}

/** Outer frame to host window: what the inner frame holds now is not a page of ours. */
export interface Navigated {
  readonly type: 'CLOCHE_NAVIGATED';
  readonly nonce: string;
}

/** Host window to outer frame: whether it has the scheme of the element that it is in, or the light one. */
export interface FollowScheme {
  readonly type: 'CLOCHE_SCHEME';
  readonly follows: boolean;
}

export type ColorScheme = 'light' | 'dark';

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** What a page says through its port. */
export type FromPage =
  | { readonly type: 'MESSAGE'; readonly json: string }
  /** A dialog such as `confirm()` opens or has closed; between the two the page can answer nothing. */
  | { readonly type: 'DIALOG'; readonly open: boolean }
  | PageRequest
  | { readonly type: 'ABORT'; readonly id: number }
  | { readonly type: 'PONG' }
  /** The page was kept from something; for the developer of the plugin. */
  | { readonly type: 'NOTE'; readonly text: string }
  | ({ readonly type: 'LOOK' } & PageLook)
  /** The policy of the host's page, which the page has inherited, keeps a script of the page from running. */
  | { readonly type: 'BLOCKED' }
  /** The page goes to another page of its package, or reloads. */
  | { readonly type: 'GO'; readonly url: string }
  /** The user follows a link to somewhere else. */
  | { readonly type: 'LINK'; readonly url: string };

/** What decides whether the host app may be seen behind a page. */
export interface PageLook {
  /** It has used a token of the app in its styles. */
  readonly usesToken: boolean;
  /** It has declared a `color-scheme`. */
  readonly hasScheme: boolean;
  /** Colours, as CSS, of text that has nothing of the page behind it. */
  readonly text: readonly string[];
}

export interface PageRequest {
  readonly type: 'REQUEST';
  readonly id: number;
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: ArrayBuffer | null;
  /** The answer is the text of a data URL: an asset with all it refers to put into it. */
  readonly inline: boolean;
}

/** What the host says through the port. */
export type ToPage =
  | { readonly type: 'MESSAGE'; readonly data: unknown }
  | PageResponse
  /** The request was refused or failed; why is for the host only. */
  | { readonly type: 'FAILURE'; readonly id: number }
  | { readonly type: 'PING' };

export interface PageResponse {
  readonly type: 'RESPONSE';
  readonly id: number;
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  /** Null where the status has no body. */
  readonly body: ArrayBuffer | null;
}

/** What the bootstrap has to know about the page it runs in. */
export interface PageSettings {
  readonly nonce: string;
  readonly plugin: string;
  /** Origin of the host, which the page takes for its own. */
  readonly origin: string;
  /** Where the page would stand: `https://host/api/plugins/<id>/assets/index.html`. */
  readonly url: string;
  /** What relative URLs of the page are resolved against. */
  readonly base: string;
  /** URL of the assets, ending in a slash. */
  readonly root: string;
  /** Asset paths, below `root`. */
  readonly assets: readonly string[];
  /** Whether dialogs such as `confirm()` open. */
  readonly modals: boolean;
}

/** Requests of one page that may be under way; the bootstrap lets more of them wait. */
export const MOST_REQUESTS = 64;
/** Largest body of a request or an answer, in bytes. */
export const MOST_BODY_BYTES = 16 << 20;
/** Longest message as JSON text, in UTF-16 units. */
export const MOST_MESSAGE_LENGTH = 1 << 20;
/** Longest URL of a request, in UTF-16 units. */
export const MOST_URL_LENGTH = 8_192;
/** Headers of one request. */
export const MOST_HEADERS = 100;
/** Colours of text that a page tells of. */
export const MOST_TEXT_COLORS = 16;
/** Longest colour, in UTF-16 units. */
export const MOST_COLOR_LENGTH = 100;
/** Longest note about something that was refused, in UTF-16 units. */
export const MOST_NOTE_LENGTH = 500;
