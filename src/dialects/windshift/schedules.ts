// The schedules of Windshift plugins, with the checks and the words of the revision that brought them (WS27).

import type { Schedule } from '../../manifest/contributions.ts';
import { checkedText } from '../../manifest/fields.ts';
import { invalid } from '../../util/json/untrusted-json.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import { parseGoDuration } from './go/duration.ts';
import { goList, goString, goStruct, type ValueOf } from './go/json.ts';
import { LINE } from './lists.ts';

export const GoSchedules = goList(goStruct('plugins.Schedule', { id: goString, every: goString, handler: goString }));

const MOST = 100;

/** @throws {ClocheError} MANIFEST_INVALID with what Windshift says */
export function schedulesOf(schedules: ValueOf<typeof GoSchedules>): Schedule[] {
  if (schedules.length > MOST) throw invalid(['schedules'], `has ${schedules.length} items, more than ${MOST}`);
  const ids = new Set<string>();
  return schedules.map(({ id, every, handler }, index) => {
    const refused = (problem: string): Error =>
      invalid(['schedules', index], `is refused: invalid plugin schedules: ${visibleText(problem, 2_000)}`);
    for (const [key, value] of Object.entries({ id, every, handler })) {
      checkedText(value, ['schedules', index, key], LINE);
    }
    if (id === '') throw refused('invalid plugin schedule: schedule id is empty');
    if (handler === '') throw refused(`schedule "${id}" handler is empty`);
    if (ids.size === ids.add(id).size) throw refused(`duplicate schedule id "${id}" within plugin`);
    const duration = parseGoDuration(every);
    if ('problem' in duration) {
      throw refused(`schedule "${id}" every="${every}" is not a valid duration: ${duration.problem}`);
    }
    if (duration.ms <= 0) throw refused(`schedule "${id}" every="${every}" must be positive`);
    return { id, everyMs: Math.ceil(duration.ms), handler };
  });
}
