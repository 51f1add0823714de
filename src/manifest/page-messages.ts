// What a plugin's page and the host say to each other, whatever words its dialect has for that. Types only.

/** An id of a question is the page's own: it goes back as it came. */
export type QuestionId = string | number;

export interface ModalRow {
  readonly label: string;
  /** Undefined where there is no data. */
  readonly value: string | undefined;
  /** Whether the value is JSON, shown as it is indented. */
  readonly isCode: boolean;
}

export type ModalContent =
  | { readonly kind: 'rows'; readonly rows: readonly ModalRow[]; readonly left: number }
  | { readonly kind: 'text'; readonly text: string };

export interface ShowModal {
  readonly type: 'modal';
  readonly id: QuestionId;
  readonly title: string;
  readonly content: ModalContent;
  /** Largest width, in px. */
  readonly width: number;
}

export interface ShowConfirm {
  readonly type: 'confirm';
  readonly id: QuestionId;
  readonly title: string;
  readonly message: string;
  readonly confirmText: string;
  readonly cancelText: string;
  readonly variant: 'primary' | 'danger';
}

export interface ShowToast {
  readonly type: 'toast';
  readonly message: string;
  readonly variant: ToastVariant;
  readonly durationMs: number;
}

export type ToastVariant = 'info' | 'success' | 'error' | 'warning';

export type PageMessage =
  /** It can be seen, and hears of the theme from now on. */
  | { readonly type: 'ready' }
  /** How high it is, in px. */
  | { readonly type: 'resize'; readonly height: number }
  | ShowModal
  | ShowConfirm
  | ShowToast
  | { readonly type: 'theme' }
  | { readonly type: 'pick-user'; readonly currentUserId: string | number | undefined }
  /** Of a type that this host app may know. */
  | { readonly type: 'other'; readonly message: { readonly type: string } };

/** `null` when a modal was closed, or the page is gone. */
export type Answer = 'confirm' | 'cancel' | null;

export type HostMessage =
  | {
      readonly type: 'theme';
      readonly variables: Readonly<Record<string, string>>;
      readonly colorScheme: 'light' | 'dark';
    }
  | { readonly type: 'answer'; readonly id: QuestionId; readonly result: Answer }
  | { readonly type: 'user'; readonly user: object };

/** How the pages of a dialect put it. */
export interface PageProtocol {
  /** @param data JSON data that a page posted. @returns undefined for what is not a message at all */
  read(data: unknown): PageMessage | undefined;
  /** What is posted to the page. */
  write(message: HostMessage): object;
}
