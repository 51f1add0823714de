// `nev:plugins/events`: hears and tells of events by name. What a plugin tells is heard once its call is over, also by itself.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import type { DialectFunction, LiveContributions } from '../../../capabilities/services.ts';
import { ClocheError, messageOf } from '../../../errors.ts';
import { liveContributions } from '../../../manifest/read-contributions.ts';
import { onBehalfOf } from '../../../runtime/calls/call-chain.ts';
import { EmittedEvents } from './emitted-events.ts';
import { EDITOR } from './names.ts';
import { parsedJson } from './parsed-json.ts';
import { does } from './typed.ts';

const INTERFACE = 'nev:plugins/events';
/** Each is checked and listed in the page. */
const MOST_LISTENERS = 500;

interface Listener {
  readonly pattern: string;
  readonly takeBack: () => void;
}

interface EventsOfInstance {
  readonly listeners: Listener[];
  readonly emitted: EmittedEvents;
}

export function eventFunctions(live: LiveContributions): DialectFunction[] {
  const instances = new Map<number, EventsOfInstance>();
  let count = 0;

  const eventsOf = ({ instance }: HostCallContext): EventsOfInstance => {
    const known = instances.get(instance.id);
    if (known) return known;
    const own = { listeners: [] as Listener[], emitted: new EmittedEvents() };
    instances.set(instance.id, own);
    instance.onEnd(() => {
      instances.delete(instance.id);
      for (const { takeBack } of own.listeners) takeBack();
    });
    return own;
  };

  return [
    {
      name: 'listen-event',
      capability: EDITOR,
      ...does(INTERFACE, ['u32', 'u32', 'string', 'string'], ([fun, data, _id, pattern], context) => {
        const own = eventsOf(context).listeners;
        if (own.length >= MOST_LISTENERS) {
          throw new ClocheError('QUOTA_EXCEEDED', `a plugin listens to at most ${MOST_LISTENERS} patterns of events`);
        }
        const subscription = { id: `${fun}_${data}_${++count}`, events: [pattern], handler: 'handle_event' };
        own.push({
          pattern,
          takeBack: live.add(context.plugin.id, liveContributions({ subscriptions: [subscription] })),
        });
      }),
    },
    {
      name: 'stop-listen-event',
      capability: EDITOR,
      ...does(INTERFACE, ['string', 'string'], ([_id, pattern], context) => {
        const own = eventsOf(context).listeners;
        const stopped = own.filter((one) => one.pattern === pattern);
        own.splice(0, own.length, ...own.filter((one) => one.pattern !== pattern));
        for (const { takeBack } of stopped) takeBack();
      }),
    },
    {
      name: 'emit-event',
      capability: EDITOR,
      ...does(INTERFACE, ['string', 'string'], ([event, payload], context) => {
        const what = `event ${JSON.stringify(event)} is not told, since its payload`;
        const parsed = parsedJson(payload === '' ? 'null' : payload, what, context);
        if (!parsed) return;
        // On behalf of nobody: whoever hears it may be the plugin itself, once it has nothing else to do.
        const tell = () => onBehalfOf([], () => live.host.emit(event, parsed.value));
        const emitted = eventsOf(context).emitted.emit(payload.length, tell);
        emitted.catch((thrown: unknown) => {
          context.log('warn', `event ${JSON.stringify(event)} was not told: ${messageOf(thrown)}`);
        });
      }),
    },
  ];
}

/** Whether a pattern in which `*` stands for anything, `?` for one character, is of this name. */
export function matchesGlob(pattern: string, name: string): boolean {
  let [p, n] = [0, 0];
  let [star, resume] = [-1, 0];
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = n;
    } else if (pattern[p] === '?' || pattern[p] === name[n]) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
