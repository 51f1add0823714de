// Items that changed on a day, as the host's events tell of them: things that people may want to mention.

import { isDay, keep, suggestionsKey } from './days';
import { badDay, dayOf } from './entries';
import { load, save, today } from './host';
import { Reply, Request } from './http';
import { fields, Json, list, text, whole } from './json';

const MOST = 20;
const LONGEST_TITLE = 200;

/** `GET /suggestions`, the latest first */
export function listSuggestions(request: Request): Reply {
  const day = dayOf(request.query('day'));
  if (day.length === 0) return badDay();
  return new Reply(200, fields().with('day', text(day)).with('suggestions', suggestionsOf(day)));
}

/** Takes up the `payload` of an item's event, on the day of its time. An item that changes again moves to the front. */
export function suggest(payload: Json): void {
  const item = payload.get('item');
  if (item === null || item.wholeOf('id') <= 0) return;
  const time = payload.textOf('timestamp').slice(0, 10);
  const day = isDay(time) ? time : today();
  const suggestions = list();
  suggestions.items.push(suggestionOf(item));
  const before = suggestionsOf(day).items;
  for (let i = 0; i < before.length && suggestions.items.length < MOST; i++) {
    if (before[i].wholeOf('item') !== item.wholeOf('id')) suggestions.items.push(before[i]);
  }
  save(suggestionsKey(day), suggestions);
  keep(day);
}

function suggestionsOf(day: string): Json {
  const stored = load(suggestionsKey(day));
  return stored === null ? list() : stored;
}

function suggestionOf(item: Json): Json {
  const workspace = item.textOf('workspace_key');
  const number = item.wholeOf('workspace_item_number');
  const key = workspace.length > 0 && number > 0 ? `${workspace}-${number}` : `#${item.wholeOf('id')}`;
  return fields()
    .with('item', whole(item.wholeOf('id')))
    .with('key', text(key))
    .with('title', text(item.textOf('title').slice(0, LONGEST_TITLE)))
    .with('status', text(item.textOf('status_name')))
    .with('assignee', text(item.textOf('assignee_name')));
}
