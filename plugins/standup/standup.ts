// The exports that a Windshift host calls.

import { Host } from '@extism/as-pdk';
import { answer, fail } from '../shared/extism';
import { storeFailure } from './host';
import { readRequest, refusal } from './http';
import { fields, parse, text } from './json';
import { answerTo, describeRoutes } from './routes';
import { suggest } from './suggestions';

/** What the manifest cannot say: `name` is the plugin's id there, and here what people read. */
export function get_metadata(): i32 {
  return answer(fields().with('name', text('Stand-up')).toString());
}

export function get_routes(): i32 {
  return answer(describeRoutes().toString());
}

export function handle_request(): i32 {
  const request = readRequest(Host.inputString());
  if (request === null) return fail('Expected a request as JSON');
  const reply = answerTo(request);
  if (storeFailure.length === 0) return answer(reply.toString());
  return answer(refusal(500, `Its store does not answer: ${storeFailure}`).toString());
}

/** Hears of `item.updated`. */
export function on_item_updated(): i32 {
  const delivery = parse(Host.inputString());
  if (delivery === null) return fail('Expected an event as JSON');
  const payload = delivery.get('payload');
  if (payload === null) return fail('Expected the event to have a payload');
  suggest(payload);
  return storeFailure.length === 0 ? 0 : fail(storeFailure);
}
