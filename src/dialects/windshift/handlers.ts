// What Windshift's server hands to subscriptions and schedules.

import type { HandlerForm } from '../../extensions/context.ts';
import type { Subscription } from '../../manifest/contributions.ts';

export const handlers: HandlerForm = {
  event: (event, payload, { plugin, subscription, at }) => {
    const added = { event, timestamp: at, webhook_id: webhookId(plugin, subscription) };
    return { input: { event, payload: completed(payload, added) } };
  },
  schedule: ({ id }, { plugin, at }) => ({
    input: { schedule_id: id, plugin_name: plugin, fire_time: at },
  }),
};

/** What the app gives of it stays. A payload that is not an object is handed on as it is. */
function completed(payload: unknown, added: Readonly<Record<string, unknown>>): unknown {
  if (payload === undefined) return added;
  const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
  return isObject ? { ...added, ...payload } : payload;
}

/** There the row of the subscription in the database. There is none here, and a number that stays the same does. */
function webhookId(plugin: string, subscription: Subscription): number {
  let hash = 2_166_136_261;
  for (const unit of `${plugin}/${subscription.id}`) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 16_777_619);
  return hash >>> 1 || 1;
}
