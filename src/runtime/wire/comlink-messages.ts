// The two messages of Comlink's protocol that calls need, written without Comlink: its proxies, random ids and listeners cost
// as much as the message itself. Either end of this wire works with Comlink at the other.
// https://github.com/GoogleChromeLabs/comlink/blob/main/src/protocol.ts

import type { WireValue } from './protocol.ts';

/** A value that was cloned or handed over, as it is. */
export interface Raw {
  readonly type: 'RAW';
  readonly value: unknown;
}

/** Calls a function of the other side. */
export interface ApplyMessage {
  readonly id: string;
  readonly type: 'APPLY';
  readonly path: readonly string[];
  readonly argumentList: readonly Raw[];
}

/** What it returned. */
export interface AnswerMessage extends Raw {
  readonly id: string;
}

/** Below this a buffer is cloned: handing it over takes longer. In bytes. */
const CLONED_BYTES = 4_096;

export function applyMessage(id: string, name: string, args: readonly unknown[]): ApplyMessage {
  return { id, type: 'APPLY', path: [name], argumentList: args.map(raw) };
}

export function answerMessage(id: string, value: unknown): AnswerMessage {
  return { id, ...raw(value) };
}

/**
 * The buffers that are handed over with a message, and are empty here afterwards.
 * @param values copies that nobody else holds, each as large as its buffer: cloning a view clones all that it is a part of
 */
export function handedOver(values: readonly WireValue[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const value of values) {
    // Two values may lie in one buffer, which can be handed over once.
    if (value instanceof Uint8Array && value.buffer.byteLength > CLONED_BYTES) buffers.add(value.buffer as ArrayBuffer);
  }
  return [...buffers];
}

function raw(value: unknown): Raw {
  return { type: 'RAW', value };
}
