// The interfaces of Nev that an app may implement, by their types: docs/nev.md. Editors and documents are numbers, which
// nobody owns; a view and a render view are numbers of the app's.

const U64 = 'u64';
const CURSOR = { record: { line: 's32', column: 's32' } } as const;
const SELECTION = { record: { first: CURSOR, last: CURSOR } } as const;
const SELECTIONS = { list: SELECTION } as const;
const TEXTS = { list: 'string' } as const;
const VEC2 = { record: { x: 'f32', y: 'f32' } } as const;
const ANCHORS = { list: 'anchors' } as const;
const ROPE = { own: 'rope' } as const;
const COMMAND_RESULT = { ok: 'string', err: ['not-allowed', 'not-found'] } as const;
const ACTIVE = { flags: ['include-command-line', 'include-popups'] } as const;
const BIAS = { enum: ['left', 'right'] } as const;
const LOCATION = { enum: ['inline', 'below', 'above'] } as const;
const SCROLL = {
  enum: ['center-always', 'center-offscreen', 'center-margin', 'scroll-to-margin', 'top-of-screen'],
} as const;
const PROCESS = { borrow: 'process' } as const;
const VIEW = { borrow: 'render-view' } as const;
const MAYBE_U64 = { option: 'u64' } as const;
const FORMAT = { enum: ['rgba8', 'rgba32'] } as const;
const READ_CHANNEL = { own: 'read-channel' } as const;
const WRITE_CHANNEL = { own: 'write-channel' } as const;
const MAYBE_VIEW = { option: { own: 'render-view' } } as const;

/** An editor, and nothing else. */
const DOES = { params: [U64] } as const;

export const INTERFACES = {
  editor: {
    'active-editor': { params: [ACTIVE], result: MAYBE_U64 },
    'get-document': { params: [U64], result: MAYBE_U64 },
  },
  'text-editor': {
    'active-text-editor': { params: [ACTIVE], result: MAYBE_U64 },
    'get-document': { params: [U64], result: MAYBE_U64 },
    'as-text-editor': { params: [U64], result: MAYBE_U64 },
    'as-text-document': { params: [U64], result: MAYBE_U64 },
    'all-text-editors': { params: [], result: { list: U64 } },
    command: { params: [U64, 'string', 'string'], result: COMMAND_RESULT },
    'record-current-command': { params: [U64, TEXTS] },
    'hide-completions': DOES,
    'scroll-to-cursor': { params: [U64, { option: SCROLL }, 'f32'] },
    'update-target-column': DOES,
    'get-usage': { params: [U64], result: 'string' },
    'get-revision': { params: [U64], result: 's32' },
    'set-mode': { params: [U64, 'string', 'bool'] },
    mode: { params: [U64], result: 'string' },
    modes: { params: [U64], result: TEXTS },
    'clear-tab-stops': DOES,
    undo: DOES,
    redo: DOES,
    'start-transaction': DOES,
    'end-transaction': DOES,
    copy: { params: [U64, 'string', 'bool'] },
    paste: { params: [U64, SELECTIONS, 'string', 'bool'] },
    'auto-show-completions': DOES,
    'toggle-line-comment': DOES,
    'insert-text': { params: [U64, 'string', 'bool'] },
    'open-search-bar': { params: [U64, 'string', 'bool', 'bool'] },
    'set-search-query-from-move': { params: [U64, 'string', 's32', 'string', 'string'], result: SELECTION },
    'set-search-query': { params: [U64, 'string', 'bool', 'string', 'string'], result: 'bool' },
    'get-search-query': { params: [U64], result: 'string' },
    'apply-move': { params: [U64, SELECTION, 'string', 's32', 'bool', 'bool'], result: SELECTIONS },
    'multi-move': { params: [U64, SELECTIONS, 'string', 's32', 'bool', 'bool'], result: SELECTIONS },
    'set-selection': { params: [U64, SELECTION] },
    'set-selections': { params: [U64, SELECTIONS] },
    'get-selection': { params: [U64], result: SELECTION },
    'get-selections': { params: [U64], result: SELECTIONS },
    'line-length': { params: [U64, 's32'], result: 's32' },
    'get-setting-raw': { params: [U64, 'string'], result: 'string' },
    'set-setting-raw': { params: [U64, 'string', 'string'] },
    'evaluate-expressions': { params: [U64, SELECTIONS, 'bool', 'string', 'string', 'bool'] },
    indent: { params: [U64, 's32'] },
    'get-command-count': { params: [U64], result: 's32' },
    'set-cursor-scroll-offset': { params: [U64, CURSOR, 'f32'] },
    'get-visible-line-count': { params: [U64], result: 's32' },
    'create-anchors': { params: [U64, SELECTIONS], result: ANCHORS },
    'resolve-anchors': { params: [U64, ANCHORS], result: SELECTIONS },
    'add-overlay': { params: [U64, SELECTION, 'string', 's64', 'string', BIAS, 's64', LOCATION] },
    'clear-overlays': { params: [U64, 's64'] },
    'allocate-overlay-id': { params: [U64], result: 's64' },
    'release-overlay-id': { params: [U64, 's64'] },
    'add-custom-render-callback': { params: [U64, 'u32', 'u32'], result: 's64' },
    'remove-custom-render-callback': { params: [U64, 's64'] },
    edit: { params: [U64, SELECTIONS, TEXTS, 'bool'], result: SELECTIONS },
    'define-move': { params: ['string', 'u32', 'u32'] },
    content: { params: [U64], result: ROPE },
    'add-mode-changed-handler': { params: ['u32'], result: 's32' },
  },
  'text-document': {
    content: { params: [U64], result: ROPE },
    path: { params: [U64], result: 'string' },
  },
  layout: {
    show: { params: ['u32', 'string', 'bool', 'bool'] },
    close: { params: ['u32', 'bool', 'bool'] },
    focus: { params: ['string'] },
    'close-active-view': { params: ['bool', 'bool'] },
  },
  render: {
    '[constructor]render-view': { params: [], result: { own: 'render-view' } },
    '[static]render-view.from-user-id': { params: ['string'], result: MAYBE_VIEW },
    '[static]render-view.from-view': { params: ['u32'], result: MAYBE_VIEW },
    '[method]render-view.view': { params: [VIEW], result: 'u32' },
    '[method]render-view.id': { params: [VIEW], result: 's32' },
    '[method]render-view.size': { params: [VIEW], result: VEC2 },
    '[method]render-view.key-down': { params: [VIEW, 's64'], result: 'bool' },
    '[method]render-view.mouse-pos': { params: [VIEW], result: VEC2 },
    '[method]render-view.mouse-down': { params: [VIEW, 's64'], result: 'bool' },
    '[method]render-view.scroll-delta': { params: [VIEW], result: VEC2 },
    '[method]render-view.set-render-interval': { params: [VIEW, 's32'] },
    '[method]render-view.set-render-commands-raw': { params: [VIEW, 'bytes'] },
    '[method]render-view.set-render-commands': { params: [VIEW, 'bytes'] },
    '[method]render-view.set-render-when-inactive': { params: [VIEW, 'bool'] },
    '[method]render-view.set-prevent-throttling': { params: [VIEW, 'bool'] },
    '[method]render-view.set-user-id': { params: [VIEW, 'string'] },
    '[method]render-view.get-user-id': { params: [VIEW], result: 'string' },
    '[method]render-view.mark-dirty': { params: [VIEW] },
    '[method]render-view.set-render-callback': { params: [VIEW, 'u32', 'u32'] },
    '[method]render-view.set-modes': { params: [VIEW, TEXTS] },
    '[method]render-view.add-mode': { params: [VIEW, 'string'] },
    '[method]render-view.remove-mode': { params: [VIEW, 'string'] },
    'create-texture': { params: ['s32', 's32', 'pixels', FORMAT, 'bool'], result: U64 },
    'update-texture': { params: [U64, 's32', 's32', 'pixels', FORMAT] },
    'delete-texture': { params: [U64] },
    '[resource-drop]render-view': { params: [{ own: 'render-view' }] },
  },
  process: {
    '[static]process.start': { params: ['string', TEXTS], result: { own: 'process' } },
    '[method]process.stdin': { params: [PROCESS], result: WRITE_CHANNEL },
    '[method]process.stdout': { params: [PROCESS], result: READ_CHANNEL },
    '[method]process.stderr': { params: [PROCESS], result: READ_CHANNEL },
    '[resource-drop]process': { params: [{ own: 'process' }] },
  },
  /** All else of it Cloche implements itself. */
  channel: {
    'create-terminal': { params: [WRITE_CHANNEL, READ_CHANNEL, 'string'] },
  },
} as const;

/** The same with pixels that stand in a buffer, which come with what an app implements for those of the guest's memory. */
export const OF_BUFFERS = {
  'create-texture': {
    name: 'create-texture-buffer',
    params: ['s32', 's32', { borrow: 'shared-buffer' }, 'u32', FORMAT, 'bool'],
    result: U64,
  },
  'update-texture': {
    name: 'update-texture-buffer',
    params: [U64, 's32', 's32', { borrow: 'shared-buffer' }, 'u32', FORMAT],
    result: undefined,
  },
} as const;

export type NevInterfaceTypes = typeof INTERFACES;
