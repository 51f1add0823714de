// The messages between a plugin's page and the host, as Windshift's pages send and expect them (WS29, WS30). Values of the
// wrong type count as absent; unknown types are `other`.

import type {
  HostMessage,
  PageMessage,
  PageProtocol,
  QuestionId,
  ShowConfirm,
  ShowModal,
  ShowToast,
} from '../../../manifest/page-messages.ts';
import { shownLine, shownLines } from '../../../util/text/shown-text.ts';
import { modalContent } from './modal-content.ts';

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

export const page: PageProtocol = { read: readMessage, write: writeMessage };

function readMessage(data: unknown): PageMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const fields = data as Fields;
  const { type } = fields;
  switch (type) {
    case 'plugin:ready':
      return { type: 'ready' };
    case 'plugin:getTheme':
      return { type: 'theme' };
    case 'plugin:resize':
      return Number.isFinite(fields.height) ? { type: 'resize', height: fields.height as number } : undefined;
    case 'plugin:showModal':
      return readModal(fields);
    case 'plugin:showConfirm':
      return readConfirm(fields);
    case 'plugin:showToast':
      return readToast(fields);
    case 'plugin:showUserPicker':
      return { type: 'pick-user', currentUserId: readId(fields.currentUserId) };
    default:
      return typeof type === 'string' ? { type: 'other', message: data as { type: string } } : undefined;
  }
}

function writeMessage(message: HostMessage): object {
  switch (message.type) {
    case 'theme':
      // `colorScheme` is not in the contract; it is for pages that want to fit a dark host.
      return { ...message, type: 'host:themeUpdate' };
    case 'answer':
      return { ...message, type: 'host:modalResult' };
    case 'user':
      return { ...message, type: 'host:userPickerResult' };
  }
}

function readModal({ id, title, content, maxWidth }: Fields): ShowModal {
  return {
    type: 'modal',
    id: readId(id) ?? `modal-${Date.now()}`,
    title: line(title, MOST_TITLE_BYTES) || 'Modal',
    content: modalContent(content || {}),
    width: WIDTHS.get(maxWidth) ?? DEFAULT_WIDTH,
  };
}

function readConfirm({ id, title, message, confirmText, cancelText, variant }: Fields): ShowConfirm {
  return {
    type: 'confirm',
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
    type: 'toast',
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
