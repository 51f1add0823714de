// Keeps notes in the host's key-value store, where they outlive this instance and the page.

import { Host, Memory } from '@extism/as-pdk';
import { length, load_u8 } from '@extism/as-pdk/lib/env';
import { answer, block, fail, quoted } from '../shared/extism';
import { kv_delete, kv_get, kv_list, kv_update } from './host-functions';

const PREFIX = 'note/';

/** What a key can be, and what `kv_update` answers. */
const ABSENT: u64 = 0;
const PRESENT = '\x01';
const DONE: u8 = 0;
const OVER_QUOTA: u8 = 1;

/** Text in, the new note out: `{ "id": "1", "text": "..." }`. */
export function add(): i32 {
  const text = Host.inputString().trim();
  if (text.length === 0) return fail('Expected a note with some text');
  const keys = noteKeys();
  let id = keys.length === 0 ? 1 : i32.parse(keys[keys.length - 1].slice(PREFIX.length)) + 1;
  // Another tab may take the same id at this moment: a note is only put where none is.
  while (true) {
    const note = `{"id":"${id}","text":${quoted(text)}}`;
    const outcome = load_u8(kv_update(block(keyOf(id)), ABSENT, block(PRESENT + note)));
    if (outcome === DONE) return answer(note);
    if (outcome === OVER_QUOTA) return fail('There is no room for another note');
    id++;
  }
}

/** All notes, oldest first. */
export function list(): i32 {
  const keys = noteKeys();
  const notes: string[] = [];
  for (let i = 0; i < keys.length; i++) notes.push(textAt(kv_get(block(keys[i]))));
  return answer(`[${notes.join(',')}]`);
}

/** The id of a note in, `{ "removed": 0 or 1 }` out. */
export function remove(): i32 {
  const id = i32.parse(Host.inputString());
  return answer(`{"removed":${kv_delete(block(keyOf(id)))}}`);
}

/** `{ "removed": how many }` out. */
export function clear(): i32 {
  const keys = noteKeys();
  for (let i = 0; i < keys.length; i++) kv_delete(block(keys[i]));
  return answer(`{"removed":${keys.length}}`);
}

/** Padded, since keys are sorted as text. */
function keyOf(id: i32): string {
  return PREFIX + id.toString().padStart(9, '0');
}

/** `kv_list` answers JSON; these keys hold no quote and no backslash, so every second piece between quotes is one. */
function noteKeys(): string[] {
  const pieces = textAt(kv_list(block(PREFIX))).split('"');
  const keys: string[] = [];
  for (let i = 1; i < pieces.length; i += 2) keys.push(pieces[i]);
  return keys;
}

function textAt(offset: u64): string {
  return new Memory(offset, length(offset)).toString();
}
