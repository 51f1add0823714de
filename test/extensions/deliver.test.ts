// Events of the host app: who hears of them, what they are given, and that a failure stops nobody.

import { assert } from 'chai';
import { deliver } from '../../src/extensions/deliver.ts';
import { plainCopy } from '../../src/extensions/plain-copy.ts';
import { ClocheError, type Delivery, type DeliveryEvent, type Subscription } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { pause } from '../helpers/hosts.ts';
import { StandIn, sayInto } from './stand-in.ts';

const on = (id: string, ...events: string[]): Subscription => ({ id, events, handler: `on_${id}` });

interface Stage {
  readonly deliveries: Delivery[];
  readonly told: Delivery[];
  readonly lines: string[];
}

async function emitted(plugins: readonly StandIn[], payload?: unknown, event = 'item.created'): Promise<Stage> {
  const told: Delivery[] = [];
  const lines: string[] = [];
  const dispatch = (delivery: Event): unknown => told.push((delivery as DeliveryEvent).delivery as Delivery);
  const context = { host: { plugins }, say: sayInto(lines), dispatch };
  return { deliveries: await deliver(context, event, plainCopy(payload), { timeoutMs: 1_234 }), told, lines };
}

interface Heard {
  readonly event: string;
  readonly payload: Record<string, unknown>;
}

const heard = ({ calls }: StandIn): Heard[] => calls.map(({ input }) => JSON.parse(input));

describe('emit', () => {
  it('reaches the subscriptions of exactly this name, of plugins that are on', async () => {
    const plugins = [
      new StandIn({ id: 'a', subscriptions: [on('one', 'item.created', 'item.updated'), on('two', 'item.deleted')] }),
      new StandIn({ id: 'b', subscriptions: [on('x', 'item.*'), on('y', 'Item.created'), on('z', 'item')] }),
      new StandIn({ id: 'off', active: false, subscriptions: [on('one', 'item.created')] }),
    ];
    const { deliveries, told, lines } = await emitted(plugins);
    assert.lengthOf(deliveries, 1);
    const [{ durationMs, ...delivery }] = deliveries as [Delivery];
    assert.deepEqual(delivery, {
      plugin: 'a',
      subscription: 'one',
      event: 'item.created',
      handler: 'on_one',
      ok: true,
    });
    assert.isAtLeast(durationMs, 0);
    assert.deepEqual(told, deliveries);
    assert.isEmpty(lines);
    assert.deepEqual(
      plugins.map(({ calls }) => calls.map(({ name }) => name)),
      [['on_one'], [], []],
    );
    assert.equal(plugins[0]?.calls[0]?.options?.timeoutMs, 1_234);
  });

  it('wakes no more at a time than there are cores, in their order, and lets who is awake not wait', async () => {
    const cores = Math.max(2, navigator.hardwareConcurrency ?? 2);
    const called: string[] = [];
    const gates: (() => void)[] = [];
    const plugins = Array.from({ length: cores + 3 }, (_, i) => {
      const id = `p${i}`;
      const answer = (): Promise<string> => {
        called.push(id);
        return new Promise((resolve) => gates.push(() => resolve('{}')));
      };
      const plugin = new StandIn({ id, subscriptions: [on('one', 'item.created')], answer });
      plugin.state = i === cores + 2 ? 'running' : 'asleep';
      return plugin;
    });
    const all = emitted(plugins);
    await pause(0);
    const ids = plugins.map(({ id }) => id);
    assert.sameMembers(called, [...ids.slice(0, cores), `p${cores + 2}`]);
    gates[0]?.();
    await pause(0);
    assert.equal(called.at(-1), `p${cores}`);
    while (called.length < plugins.length || gates.length > 0) {
      gates.shift()?.();
      await pause(0);
    }
    assert.deepEqual(
      (await all).deliveries.map(({ plugin }) => plugin),
      ids,
    );
  });

  it('has nothing to tell where nobody subscribes', async () => {
    const { deliveries, told } = await emitted([new StandIn()]);
    assert.deepEqual([deliveries, told], [[], []]);
  });

  it('WS26: gives `{ event, payload }`, and adds to the payload what Windshift adds', async () => {
    const plugin = new StandIn({ subscriptions: [on('one', 'item.created')] });
    await emitted([plugin], { item: { id: 7 } });
    const [{ event, payload }] = heard(plugin) as [Heard];
    assert.equal(event, 'item.created');
    assert.deepEqual(Object.keys(payload), ['event', 'timestamp', 'webhook_id', 'item']);
    assert.equal(payload.event, 'item.created');
    assert.match(String(payload.timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);
    assert.closeTo(Date.parse(String(payload.timestamp)), Date.now(), 5_000);
    assert.isTrue(Number.isSafeInteger(payload.webhook_id) && Number(payload.webhook_id) > 0);
    assert.deepEqual(payload.item, { id: 7 });
  });

  it('keeps what the app says of it', async () => {
    const plugin = new StandIn({ subscriptions: [on('one', 'item.created')] });
    const given = { event: 'mine', timestamp: '2026-03-15T10:20:30.123456789Z', webhook_id: 12 };
    await emitted([plugin], given);
    assert.deepEqual(heard(plugin)[0]?.payload, given);
  });

  it('numbers each subscription, always the same', async () => {
    const make = (id: string): StandIn =>
      new StandIn({ id, subscriptions: [on('one', 'item.created'), on('two', 'item.created')] });
    const plugins = [make('a'), make('b'), make('a')];
    await emitted(plugins);
    const ids = plugins.map((plugin) => heard(plugin).map(({ payload }) => payload.webhook_id));
    assert.deepEqual(ids[0], ids[2]);
    assert.equal(new Set(ids.flat()).size, 4);
  });

  it('hands on a payload that is not an object as it is, and makes one where there is none', async () => {
    for (const payload of [[1], 'text', 7, null] as readonly unknown[]) {
      const plugin = new StandIn({ subscriptions: [on('one', 'item.created')] });
      await emitted([plugin], payload);
      assert.deepEqual<unknown>(heard(plugin)[0]?.payload, payload);
    }
    const plugin = new StandIn({ subscriptions: [on('one', 'item.created')] });
    await emitted([plugin], undefined);
    assert.deepEqual(Object.keys(heard(plugin)[0]?.payload ?? {}), ['event', 'timestamp', 'webhook_id']);
  });

  it('gives everybody the payload as it was when it was emitted', async () => {
    const payload = { count: 1 };
    const plugin = new StandIn({
      subscriptions: [on('one', 'item.created'), on('two', 'item.created')],
      answer: () => {
        payload.count++;
        return '';
      },
    });
    await emitted([plugin], payload);
    assert.deepEqual(
      heard(plugin).map(({ payload }) => payload.count),
      [1, 1],
    );
  });

  it('rejects what is not JSON before anybody hears of it', async () => {
    const plugin = new StandIn({ subscriptions: [on('one', 'item.created')] });
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    await rejectsCode('OPTION_INVALID', emitted([plugin], circle), /payload/);
    await rejectsCode('OPTION_INVALID', emitted([plugin], { n: 1n }), /payload/);
    assert.isEmpty(plugin.calls);
  });

  it('reports each failure, logs it, and stops nobody', async () => {
    const trap = new ClocheError('TRAP', 'it trapped', { plugin: 'a' });
    const failing = new StandIn({
      id: 'a',
      subscriptions: [on('one', 'item.created'), on('two', 'item.created')],
      answer: ({ name }) => (name === 'on_one' ? Promise.reject(trap) : ''),
    });
    const other = new StandIn({ id: 'b', subscriptions: [on('one', 'item.created')] });
    const { deliveries, lines } = await emitted([failing, other]);
    assert.deepEqual(
      deliveries.map(({ plugin, subscription, ok, error }) => [plugin, subscription, ok, error?.code]),
      [
        ['a', 'one', false, 'TRAP'],
        ['a', 'two', true, undefined],
        ['b', 'one', true, undefined],
      ],
    );
    assert.equal(deliveries[0]?.error, trap);
    assert.deepEqual(lines, ['a error Event "item.created", subscription "one": it trapped']);
  });

  it('goes to plugins at the same time, and to the handlers of one after the other', async () => {
    const order: string[] = [];
    const make = (id: string, ms: number): StandIn =>
      new StandIn({
        id,
        subscriptions: [on('one', 'item.created'), on('two', 'item.created')],
        answer: async ({ name }) => {
          order.push(`${id} ${name} begins`);
          await new Promise((wake) => setTimeout(wake, ms));
          order.push(`${id} ${name} ends`);
          return '';
        },
      });
    await emitted([make('slow', 150), make('quick', 10)]);
    assert.deepEqual(
      order.filter((step) => step.startsWith('slow')),
      ['slow on_one begins', 'slow on_one ends', 'slow on_two begins', 'slow on_two ends'],
    );
    assert.isBelow(order.indexOf('quick on_two ends'), order.indexOf('slow on_one ends'));
  });
});
