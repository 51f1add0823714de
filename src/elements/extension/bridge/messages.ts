// The messages between a plugin's page and the host, as Windshift's pages send and expect them (WS29, WS30), and the
// reader that makes one of them out of what a page posted. Values of the wrong type count as absent; unknown types are `other`.

import { shownLine, shownLines } from '../shown-text.ts';
import { type ModalContent, modalContent } from './modal-content.ts';

/** An id of a question is the page's own: it goes back as it came. */
type QuestionId = string | number;

export interface ShowModal {
  readonly type: 'plugin:showModal';
  readonly id: QuestionId;
  readonly title: string;
  readonly content: ModalContent;
  /** Largest width, in px. */
  readonly width: number;
}

export interface ShowConfirm {
  readonly type: 'plugin:showConfirm';
  readonly id: QuestionId;
  readonly title: string;
  readonly message: string;
  readonly confirmText: string;
  readonly cancelText: string;
  readonly variant: 'primary' | 'danger';
}

export interface ShowToast {
  readonly type: 'plugin:showToast';
  readonly message: string;
  readonly variant: ToastVariant;
  readonly durationMs: number;
}

export type ToastVariant = 'info' | 'success' | 'error' | 'warning';

export type BridgeMessage =
  | { readonly type: 'plugin:ready' }
  | { readonly type: 'plugin:resize'; readonly height: number }
  | ShowModal
  | ShowConfirm
  | ShowToast
  | { readonly type: 'plugin:getTheme' }
  | { readonly type: 'plugin:showUserPicker'; readonly currentUserId: string | number | undefined }
  /** Of a type that this host app may know. */
  | { readonly type: 'other'; readonly message: { readonly type: string } };

export type HostMessage =
  | {
      readonly type: 'host:themeUpdate';
      readonly variables: Readonly<Record<string, string>>;
      /** Not in the contract; for pages that want to fit a dark host. */
      readonly colorScheme: 'light' | 'dark';
    }
  | { readonly type: 'host:modalResult'; readonly id: QuestionId; readonly result: 'confirm' | 'cancel' | null }
  | { readonly type: 'host:userPickerResult'; readonly user: object };

/** The names are Tailwind's, which the contract lets a page choose from; in px. */
const WIDTHS: ReadonlyMap<unknown, number> = new Map([
  ['max-w-xs', 320],
  ['max-w-sm', 384],
  ['max-w-md', 448],
  ['max-w-lg', 512],
  ['max-w-xl', 576],
  ['max-w-2xl', 672],
  ['max-w-3xl', 768],
  ['max-w-4xl', 896],
  ['max-w-5xl', 1_024],
  ['max-w-6xl', 1_152],
  ['max-w-7xl', 1_280],
]);
const DEFAULT_WIDTH = 768;

const TOAST_VARIANTS = ['info', 'success', 'error', 'warning'] as const;
const TOAST_MS = { default: 3_000, least: 1_000, most: 10_000 };

const MOST_ID_LENGTH = 1_000;
const MOST_TITLE_BYTES = 200;
const MOST_BUTTON_BYTES = 60;
const MOST_MESSAGE_LENGTH = 4_000;
const MOST_TOAST_LENGTH = 500;

type Fields = Readonly<Record<string, unknown>>;

/** @param data JSON data that a page posted @returns undefined for what is not a message at all */
export function readBridgeMessage(data: unknown): BridgeMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const fields = data as Fields;
  const { type } = fields;
  switch (type) {
    case 'plugin:ready':
    case 'plugin:getTheme':
      return { type };
    case 'plugin:resize':
      return Number.isFinite(fields.height) ? { type, height: fields.height as number } : undefined;
    case 'plugin:showModal':
      return readModal(fields);
    case 'plugin:showConfirm':
      return readConfirm(fields);
    case 'plugin:showToast':
      return readToast(fields);
    case 'plugin:showUserPicker':
      return { type, currentUserId: readId(fields.currentUserId) };
    default:
      return typeof type === 'string' ? { type: 'other', message: data as { type: string } } : undefined;
  }
}

function readModal({ id, title, content, maxWidth }: Fields): ShowModal {
  return {
    type: 'plugin:showModal',
    id: readId(id) ?? `modal-${Date.now()}`,
    title: line(title, MOST_TITLE_BYTES) || 'Modal',
    content: modalContent(content || {}),
    width: WIDTHS.get(maxWidth) ?? DEFAULT_WIDTH,
  };
}

function readConfirm({ id, title, message, confirmText, cancelText, variant }: Fields): ShowConfirm {
  return {
    type: 'plugin:showConfirm',
    id: readId(id) ?? `confirm-${Date.now()}`,
    title: line(title, MOST_TITLE_BYTES) || 'Confirm',
    message: lines(message, MOST_MESSAGE_LENGTH) || 'Are you sure?',
    confirmText: line(confirmText, MOST_BUTTON_BYTES) || 'Confirm',
    cancelText: line(cancelText, MOST_BUTTON_BYTES) || 'Cancel',
    variant: variant === 'danger' ? 'danger' : 'primary',
  };
}

function readToast({ message, variant, duration }: Fields): ShowToast {
  const asked = typeof duration === 'number' && duration > 0 ? duration : TOAST_MS.default;
  return {
    type: 'plugin:showToast',
    message: lines(message, MOST_TOAST_LENGTH),
    variant: TOAST_VARIANTS.find((known) => known === variant) ?? 'info',
    durationMs: Math.min(Math.max(asked, TOAST_MS.least), TOAST_MS.most),
  };
}

function readId(value: unknown): QuestionId | undefined {
  if (typeof value === 'number') return value || undefined;
  return typeof value === 'string' && value.length <= MOST_ID_LENGTH ? value || undefined : undefined;
}

function line(value: unknown, maxBytes: number): string {
  return shownLine(text(value), maxBytes);
}

function lines(value: unknown, maxLength: number): string {
  return shownLines(text(value), maxLength);
}

/** A number is as good as text: pages are written in JavaScript. */
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && value !== 0 ? String(value) : '';
}
