// The mail that says how a day's stand-up went.

import { badDay, dayOf, entriesOf } from './entries';
import { mail } from './host';
import { Reply, Request, refusal } from './http';
import { fields, Json, text, whole } from './json';
import { recipientsOf, settings } from './settings';

/** What a Windshift host says while it has no mail server. */
const NO_SENDER = 'smtp sender not configured';

/** `POST /send` */
export function sendSummary(request: Request): Reply {
  const day = dayOf(request.query('day'));
  if (day.length === 0) return badDay();
  const team = settings();
  const recipients = team.get('recipients');
  const count = recipientsOf(team).length;
  if (recipients === null || count === 0)
    return refusal(409, 'Nobody gets the summary yet; add an address in the settings');
  const entries = entriesOf(day);
  if (entries.items.length === 0) return refusal(409, `There is nothing to send: nobody has said anything on ${day}`);

  const subject = subjectOf(team.textOf('team'), day);
  const failure = mail(recipients, subject, summaryOf(entries));
  if (failure === NO_SENDER) return refusal(503, `No mail was sent, since there is no mail server here: ${failure}`);
  if (failure.length > 0) return refusal(502, `No mail was sent: ${failure}`);
  return new Reply(200, fields().with('subject', text(subject)).with('recipients', whole(count)));
}

function subjectOf(team: string, day: string): string {
  return team.length > 0 ? `Stand-up of ${team}, ${day}` : `Stand-up, ${day}`;
}

function summaryOf(entries: Json): string {
  let summary = '';
  for (let i = 0; i < entries.items.length; i++) {
    const entry = entries.items[i];
    if (i > 0) summary += '\n';
    summary += `${entry.textOf('author')}\n`;
    summary += part('Yesterday', entry.textOf('yesterday'));
    summary += part('Today', entry.textOf('today'));
    summary += part('In the way', entry.textOf('blockers'));
  }
  return summary;
}

/** Lines after the first are set below it. */
function part(title: string, said: string): string {
  return said.length > 0 ? `  ${title}: ${said.replaceAll('\n', '\n    ')}\n` : '';
}
