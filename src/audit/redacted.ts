// The last thing before an entry is stored: what its app wants nobody to read is taken out of each text.

import type { NewEntry } from './audit-entry.ts';

/** In place of a text of which nobody knows what is secret. */
const UNKNOWN = '(`audit.redact` has failed)';

/** Words of ours, which have no secret in them. */
const OURS: ReadonlySet<string> = new Set(['kind', 'outcome', 'code', 'act', 'reason', 'decidedBy', 'rule']);

export function redacted(entry: NewEntry, redact: (text: string) => string): NewEntry {
  return copied(entry, redact) as NewEntry;
}

function copied(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return safely(redact, value);
  if (Array.isArray(value)) return value.map((item) => copied(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, OURS.has(key) ? item : copied(item, redact)]),
  );
}

function safely(redact: (text: string) => string, text: string): string {
  try {
    const result: unknown = redact(text);
    return typeof result === 'string' ? result : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}
