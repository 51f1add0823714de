// The exports that the host calls, by their types: docs/nev.md.

import type { AbiFunction } from '../../src/runtime/wire/abi/types.ts';

const CURSOR = { record: { line: 's32', column: 's32' } } as const;
const SELECTION = { record: { first: CURSOR, last: CURSOR } } as const;

export const EXPORTS: ReadonlyMap<string, AbiFunction> = new Map<string, AbiFunction>([
  ['handle_command', { params: ['u32', 'u32', 'string'], result: 'string' }],
  ['handle_view_render_callback', { params: ['s32', 'u32', 'u32'] }],
  ['handle_channel_update', { params: ['u32', 'u32', 'bool'], result: 's32' }],
  ['notify_task_complete', { params: ['u64', 'bool'] }],
  [
    'handle_move',
    { params: ['u32', 'u32', { own: 'rope' }, { list: SELECTION }, 's32', 'bool'], result: { list: SELECTION } },
  ],
  ['save_plugin_state', { params: [], result: 'bytes' }],
  ['load_plugin_state', { params: ['bytes'] }],
  ['handle_event', { params: ['u32', 'u32', 'string', 'string'] }],
  [
    'handle_text_overlay_render',
    { params: ['u32', 'u32', 's64', { record: { x: 'f32', y: 'f32' } }, 'u32'], result: 'u64' },
  ],
  ['handle_mode_changed', { params: ['u32', 'string', 'string'] }],
]);

/** Its result is a pointer, in the lower half, and a length. */
export const PACKED = 'handle_text_overlay_render';
