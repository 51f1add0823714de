// What the team has set: its name, and who gets the summary.

import { checkLine, isAddress } from './checks';
import { load, save } from './host';
import { Reply, Request, refusal } from './http';
import { fields, Json, Kind, list, parse, text } from './json';

const KEY = 'settings';
const LONGEST_NAME = 80;
const MOST_RECIPIENTS = 50;

/** `GET /settings` */
export function showSettings(_request: Request): Reply {
  return new Reply(200, settings());
}

/** `PUT /settings` */
export function changeSettings(request: Request): Reply {
  const sent = parse(request.body);
  if (sent === null || sent.kind !== Kind.Fields) return refusal(400, 'Expected a JSON object');
  const wrong = problemOf(sent);
  if (wrong.length > 0) return refusal(400, wrong);
  const recipients = list();
  const asked = recipientsOf(sent);
  for (let i = 0; i < asked.length; i++) recipients.items.push(text(asked[i].text.trim()));
  const changed = fields()
    .with('team', text(sent.textOf('team').trim()))
    .with('recipients', recipients);
  save(KEY, changed);
  return new Reply(200, changed);
}

export function settings(): Json {
  const stored = load(KEY);
  return stored === null ? fields().with('team', text('')).with('recipients', list()) : stored;
}

/** The items of `recipients`, of an object that was stored or sent. */
export function recipientsOf(document: Json): Json[] {
  const recipients = document.get('recipients');
  return recipients === null ? [] : recipients.items;
}

function problemOf(sent: Json): string {
  const wrong = checkLine(sent, 'team', LONGEST_NAME);
  if (wrong.length > 0) return wrong;
  const recipients = sent.get('recipients');
  if (recipients === null) return '';
  if (recipients.kind !== Kind.List) return '`recipients` must be a list';
  if (recipients.items.length > MOST_RECIPIENTS) return `\`recipients\` must be at most ${MOST_RECIPIENTS} addresses`;
  for (let i = 0; i < recipients.items.length; i++) {
    const item = recipients.items[i];
    if (item.kind !== Kind.Text || !isAddress(item.text.trim())) return `${item.toString()} is not an e-mail address`;
  }
  return '';
}
