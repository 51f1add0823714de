// How far a plugin says that it is: by a line that it prints, such as `progress 40% half of the accounts`.

import type { TaskProgress } from './task.ts';

const LINE = /^progress:?\s+(\d{1,3}(?:\.\d{1,6})?)\s?%(?:\s+(.{0,200}))?/i;

/** Undefined for another line. */
export function progressIn(line: string): TaskProgress | undefined {
  const [, percent, text = ''] = LINE.exec(line) ?? [];
  if (percent === undefined) return undefined;
  return { done: Math.min(Number(percent), 100) / 100, text: text.trim() };
}
