// What came instead of what was expected, for a message.

import { visibleText } from './visible-text.ts';

/** Scalars as they are, text cut to 60 bytes, and only the kind of everything else. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${visibleText(value, 60)}"`;
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
