// Host functions as this plugin uses them: JSON in, JSON out.

import { Memory } from '@extism/as-pdk';
import { length } from '@extism/as-pdk/lib/env';
import { block } from '../shared/extism';
import { clock_time_get, kv_delete, kv_get, kv_set, smtp_send } from './host-functions';
import { fields, Json, parse, text } from './json';

/** What went wrong with the store in this call, `''` for nothing. The instance is a fresh one for each call. */
export let storeFailure = '';

/** A stored document, `null` where there is none or the store fails. */
export function load(key: string): Json | null {
  const answer = answerOf(kv_get(block(fields().with('key', text(key)).toString())));
  const status = answer.textOf('status');
  if (status === 'not_found') return null;
  if (status !== 'ok') {
    note(answer);
    return null;
  }
  const stored = parse(answer.textOf('value'));
  if (stored === null) storeFailure = `"${key}" holds something else than this plugin stored`;
  return stored;
}

/** Does nothing after a failure: what could not be read must not be taken for empty and written over. */
export function save(key: string, document: Json): void {
  if (storeFailure.length > 0) return;
  const request = fields().with('key', text(key)).with('value', text(document.toString()));
  note(answerOf(kv_set(block(request.toString()))));
}

/** Does nothing after a failure, as `save`. */
export function forget(key: string): void {
  if (storeFailure.length > 0) return;
  note(answerOf(kv_delete(block(fields().with('key', text(key)).toString()))));
}

/** Mails a text. @returns why it was not sent, `''` when it was */
export function mail(to: Json, subject: string, body: string): string {
  const request = fields().with('to', to).with('subject', text(subject)).with('text', text(body));
  const answer = answerOf(smtp_send(block(request.toString())));
  return answer.textOf('status') === 'ok' ? '' : reasonOf(answer);
}

/** The UTC day, such as `2026-03-15`. Hosts may show a guest a clock of their own, so the page names its day itself. */
export function today(): string {
  const time = new Uint64Array(1);
  clock_time_get(0, 1_000_000, time.dataStart);
  return new Date(<i64>(time[0] / 1_000_000)).toISOString().slice(0, 10);
}

function note(answer: Json): void {
  if (answer.textOf('status') !== 'ok') storeFailure = reasonOf(answer);
}

function reasonOf(answer: Json): string {
  const reason = answer.textOf('error');
  return reason.length > 0 ? reason : 'the host gave no answer';
}

/** An empty object where the host answers nothing: 0 is what a Windshift host says to a request that it cannot read. */
function answerOf(offset: u64): Json {
  if (offset === 0) return fields();
  const answer = parse(new Memory(offset, length(offset)).toString());
  return answer === null ? fields() : answer;
}
