import { assert } from 'chai';
import { readManifest } from '../../helpers/dialects.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';

const read = (fields: object) => readManifest({ cloche: 1, id: 'x', wasm: 'x.wasm', ...fields }, { paths: 'package' });
const tab = { point: 'admin.tab', id: 'main', label: 'Main' };

describe('what a Cloche manifest contributes', () => {
  it('is read field by field', async () => {
    const { contributions, routes, subscriptions, schedules, commands } = await read({
      contributions: [
        {
          ...tab,
          description: 'Two\nlines',
          icon: 'code',
          component: 'ui/index.html',
          group: 'Tools',
          order: -1,
        },
        { ...tab, point: 'page' },
      ],
      routes: [{ method: 'GET', path: '/items/*', description: 'lists' }, { path: '/' }],
      subscriptions: [{ id: 'a', events: ['item.created'], handler: 'on_item' }],
      schedules: [{ id: 'a', everyMs: 1_000, handler: 'tick' }],
      commands: [{ name: 'go', params: [{ name: 'index', type: 'int' }], handler: 'on_go' }],
    });
    const nothing = {
      description: '',
      icon: undefined,
      component: undefined,
      styles: undefined,
      group: undefined,
      order: undefined,
    };
    assert.deepEqual(contributions, [
      {
        ...tab,
        description: 'Two\nlines',
        icon: 'code',
        component: 'ui/index.html',
        styles: undefined,
        group: 'Tools',
        order: -1,
      },
      { ...tab, ...nothing, point: 'page' },
    ]);
    assert.deepEqual(routes, [
      { method: 'GET', path: '/items/*', description: 'lists' },
      { method: '', path: '/', description: '' },
    ]);
    assert.deepEqual(subscriptions, [{ id: 'a', events: ['item.created'], handler: 'on_item' }]);
    assert.deepEqual(schedules, [{ id: 'a', everyMs: 1_000, handler: 'tick' }]);
    const params = [{ name: 'index', type: 'int' }];
    const go = { name: 'go', description: '', params, returnType: '', handler: 'on_go', callback: undefined };
    assert.deepEqual(commands, [go]);
  });

  const wrong: [fields: object, path: RegExp][] = [
    [{ contributions: {} }, /`contributions` should be an array/],
    [{ contributions: ['a'] }, /`contributions\[0\]` should be an object/],
    [{ contributions: [{ ...tab, extra: 1 }] }, /`contributions\[0\]\.extra` is unknown/],
    [{ contributions: [{ ...tab, styles: 'x.css' }] }, /`contributions\[0\]\.styles` is not a key: nothing reads it/],
    [{ contributions: [{ ...tab, Label: 'x' }] }, /`contributions\[0\]\.Label` is unknown/],
    [{ contributions: [{ id: 'a', label: 'a' }] }, /`contributions\[0\]\.point` is missing/],
    [{ contributions: [{ ...tab, point: 'a b' }] }, /`contributions\[0\]\.point`/],
    [{ contributions: [{ ...tab, id: '' }] }, /`contributions\[0\]\.id`/],
    [{ contributions: [{ point: 'a', id: 'a' }] }, /`contributions\[0\]\.label` is missing/],
    [{ contributions: [{ ...tab, label: null }] }, /`contributions\[0\]\.label`/],
    [{ contributions: [{ ...tab, label: 'x'.repeat(201) }] }, /`contributions\[0\]\.label`/],
    [{ contributions: [{ ...tab, component: '../x.html' }] }, /`contributions\[0\]\.component`/],
    [{ contributions: [{ ...tab, component: '' }] }, /`contributions\[0\]\.component`/],
    [{ contributions: [{ ...tab, order: 1.5 }] }, /`contributions\[0\]\.order`/],
    [{ contributions: [tab, tab] }, /`contributions\[1\]\.id` is there twice/],
    [{ contributions: Array.from({ length: 501 }, (_, i) => ({ ...tab, id: `${i}` })) }, /`contributions` has 501/],
    [{ routes: [{}] }, /`routes\[0\]\.path` is missing/],
    [{ routes: [{ path: 'a' }] }, /`routes\[0\]\.path` should be a path that begins with "\/"/],
    [{ routes: [{ path: '/', method: 'get' }] }, /`routes\[0\]\.method`/],
    [{ subscriptions: [{ id: 'a', handler: 'h' }] }, /`subscriptions\[0\]\.events` is missing/],
    [{ subscriptions: [{ id: 'a', events: [1], handler: 'h' }] }, /`subscriptions\[0\]\.events\[0\]`/],
    [{ subscriptions: [{ id: 'a', events: [], handler: '' }] }, /`subscriptions\[0\]\.handler`/],
    [{ commands: [{ name: 'a b', handler: 'h' }] }, /`commands\[0\]\.name` should be a name without spaces/],
    [{ commands: [{ name: 'a', params: [1] }] }, /`commands\[0\]\.params\[0\]` should be an object/],
    [{ schedules: [{ id: 'a', handler: 'h' }] }, /`schedules\[0\]\.everyMs` is missing/],
    [{ schedules: [{ id: 'a', everyMs: 999, handler: 'h' }] }, /`schedules\[0\]\.everyMs`/],
    [{ schedules: [{ id: 'a', everyMs: '1s', handler: 'h' }] }, /`schedules\[0\]\.everyMs`/],
    [
      {
        schedules: [
          { id: 'a', everyMs: 1_000, handler: 'h' },
          { id: 'a', everyMs: 1_000, handler: 'i' },
        ],
      },
      /`schedules\[1\]\.id` is there twice/,
    ],
  ];
  for (const [fields, path] of wrong) {
    it(`is refused for ${JSON.stringify(fields).slice(0, 80)}`, () =>
      rejectsCode('MANIFEST_INVALID', () => read(fields), path));
  }
});
