// Days as keys, such as `2026-03-15`, and how many of them are kept.

import { forget, load, save } from './host';
import { Kind, list, text } from './json';

/** A plugin's store is finite, and nobody reads the stand-up of last season. */
const KEPT = 90;
const INDEX = 'days';

/** Whether a text is a day of the calendar. */
export function isDay(day: string): bool {
  if (day.length !== 10 || day.charAt(4) !== '-' || day.charAt(7) !== '-') return false;
  for (let i = 0; i < 10; i++) {
    const code = day.charCodeAt(i);
    if (i !== 4 && i !== 7 && (code < 0x30 || code > 0x39)) return false;
  }
  const month = I32.parseInt(day.slice(5, 7));
  const date = I32.parseInt(day.slice(8));
  return month >= 1 && month <= 12 && date >= 1 && date <= lengthOf(month, I32.parseInt(day.slice(0, 4)));
}

export function entriesKey(day: string): string {
  return `entries/${day}`;
}

export function suggestionsKey(day: string): string {
  return `suggestions/${day}`;
}

/** Notes that a day has something stored, and lets go of the oldest days beyond what is kept. */
export function keep(day: string): void {
  const stored = load(INDEX);
  const days: string[] = [day];
  if (stored !== null) {
    for (let i = 0; i < stored.items.length; i++) {
      const item = stored.items[i];
      if (item.kind === Kind.Text && !days.includes(item.text)) days.push(item.text);
    }
  }
  if (stored !== null && days.length === stored.items.length) return;
  days.sort();
  while (days.length > KEPT) {
    const oldest = days.shift();
    forget(entriesKey(oldest));
    forget(suggestionsKey(oldest));
  }
  const index = list();
  for (let i = 0; i < days.length; i++) index.items.push(text(days[i]));
  save(INDEX, index);
}

function lengthOf(month: i32, year: i32): i32 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
