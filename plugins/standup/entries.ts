// The entries of a day: one an author, in the order in which they came.

import { checkLine, checkText } from './checks';
import { entriesKey, isDay, keep } from './days';
import { forget, load, save, today } from './host';
import { Reply, Request, refusal } from './http';
import { fields, Json, Kind, list, parse, text, whole } from './json';

const LONGEST_NAME = 80;
const LONGEST_TEXT = 2_000;
const MOST_ENTRIES = 100;

/** `GET /entries` */
export function listEntries(request: Request): Reply {
  const day = dayOf(request.query('day'));
  if (day.length === 0) return badDay();
  return new Reply(200, fields().with('day', text(day)).with('entries', entriesOf(day)));
}

/** `POST /entries`: 201 for a new entry, 200 where it takes the place of the author's own. */
export function addEntry(request: Request): Reply {
  const sent = parse(request.body);
  if (sent === null || sent.kind !== Kind.Fields) return refusal(400, 'Expected a JSON object');
  const wrong = problemOf(sent);
  if (wrong.length > 0) return refusal(400, wrong);
  const day = dayOf(sent.textOf('day'));
  if (day.length === 0) return badDay();

  const entries = entriesOf(day);
  const index = indexOfAuthor(entries, sent.textOf('author').trim());
  if (index < 0 && entries.items.length >= MOST_ENTRIES) return refusal(409, `A day holds ${MOST_ENTRIES} entries`);
  const id = index < 0 ? nextId(entries) : entries.items[index].wholeOf('id');
  const entry = fields()
    .with('id', whole(id))
    .with('author', text(sent.textOf('author').trim()))
    .with('yesterday', text(sent.textOf('yesterday').trim()))
    .with('today', text(sent.textOf('today').trim()))
    .with('blockers', text(sent.textOf('blockers').trim()));
  if (index < 0) entries.items.push(entry);
  else entries.items[index] = entry;
  save(entriesKey(day), entries);
  keep(day);
  return new Reply(index < 0 ? 201 : 200, entry);
}

/** `DELETE /entries/<day>/<id>` */
export function removeEntry(request: Request): Reply {
  const parts = request.path.split('/');
  const day = parts.length === 4 && isDay(parts[2]) ? parts[2] : '';
  const entries = day.length > 0 ? entriesOf(day) : list();
  for (let i = 0; i < entries.items.length; i++) {
    if (entries.items[i].wholeOf('id').toString() !== parts[3]) continue;
    entries.items.splice(i, 1);
    if (entries.items.length === 0) forget(entriesKey(day));
    else save(entriesKey(day), entries);
    return new Reply(204);
  }
  return refusal(404, 'There is no such entry; somebody may have removed it');
}

export function entriesOf(day: string): Json {
  const stored = load(entriesKey(day));
  return stored === null ? list() : stored;
}

/** The day that was asked for, today where none was, `''` where it is not a day. */
export function dayOf(asked: string): string {
  if (asked.length === 0) return today();
  return isDay(asked) ? asked : '';
}

export function badDay(): Reply {
  return refusal(400, 'Expected `day` to be a date such as 2026-03-15');
}

function problemOf(sent: Json): string {
  const names = ['day', 'yesterday', 'today', 'blockers'];
  let wrong = checkLine(sent, 'author', LONGEST_NAME);
  for (let i = 0; wrong.length === 0 && i < names.length; i++) wrong = checkText(sent, names[i], LONGEST_TEXT);
  if (wrong.length > 0) return wrong;
  if (sent.textOf('author').trim().length === 0) return 'Say who you are: `author` is empty';
  const said = sent.textOf('yesterday') + sent.textOf('today') + sent.textOf('blockers');
  return said.trim().length === 0 ? 'Say something: `yesterday`, `today` and `blockers` are empty' : '';
}

function indexOfAuthor(entries: Json, author: string): i32 {
  for (let i = 0; i < entries.items.length; i++) {
    if (entries.items[i].textOf('author').toLowerCase() === author.toLowerCase()) return i;
  }
  return -1;
}

function nextId(entries: Json): i64 {
  let highest: i64 = 0;
  for (let i = 0; i < entries.items.length; i++) highest = max(highest, entries.items[i].wholeOf('id'));
  return highest + 1;
}
