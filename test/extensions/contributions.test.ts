// Extension points: what is offered, in which order, and when an app is told that it changed.

import { assert } from 'chai';
import * as v from 'valibot';
import { Contributions } from '../../src/extensions/contributions.ts';
import { checkedPoints } from '../../src/extensions/points.ts';
import type { Contribution, ExtensionChangeEvent, ExtensionPoint } from '../../src/index.ts';
import { throwsCode } from '../helpers/expect-code.ts';
import { StandIn, sayInto } from './stand-in.ts';

interface Stage {
  readonly contributions: Contributions;
  readonly plugins: StandIn[];
  readonly changes: string[];
  readonly lines: string[];
}

function stage(plugins: StandIn[], points?: Record<string, ExtensionPoint>): Stage {
  const changes: string[] = [];
  const lines: string[] = [];
  const contributions = new Contributions({
    host: { plugins },
    points: checkedPoints(points),
    say: sayInto(lines),
    dispatch: (event) => changes.push((event as ExtensionChangeEvent).point),
  });
  contributions.refresh();
  return { contributions, plugins, changes, lines };
}

const labels = ({ contributions }: Stage, point?: string): string[] =>
  contributions.list(point).map(({ label }) => label);

describe('the list of an extension point', () => {
  it('has what plugins that are on add, with whose it is', () => {
    const { contributions } = stage([
      new StandIn({ id: 'a', name: 'First', contributions: [{ component: 'index.html', description: 'about' }] }),
      new StandIn({ id: 'off', active: false, contributions: [{}] }),
    ]);
    assert.deepEqual(contributions.list('admin.tab'), [
      {
        point: 'admin.tab',
        id: 'tab',
        label: 'Tab',
        description: 'about',
        icon: undefined,
        component: 'index.html',
        styles: undefined,
        group: 'Plugins',
        order: 0,
        plugin: 'a',
        pluginName: 'First',
        pluginVersion: '1.2.3',
      },
    ]);
    assert.isEmpty(contributions.list('item.panel'));
  });

  it('is in the order of group, order, label and plugin', () => {
    const made = stage([
      new StandIn({
        id: 'b',
        contributions: [
          { label: 'tab 10', group: 'Work' },
          { label: 'tab 9', group: 'Work' },
          { label: 'late', group: 'Work', order: 200 },
          { label: 'early', group: 'Work', order: -1 },
          { label: 'no group' },
          { label: 'empty group', group: '' },
          { label: 'same' },
        ],
      }),
      new StandIn({
        id: 'a',
        contributions: [{ label: 'same' }, { label: 'Z', group: 'Apps' }, { label: 'A', group: 'Apps' }],
      }),
    ]);
    assert.deepEqual(
      made.contributions.list('admin.tab').map(({ group, label, plugin }) => `${group}: ${label} (${plugin})`),
      [
        'Apps: A (a)',
        'Apps: Z (a)',
        'Plugins: empty group (b)',
        'Plugins: no group (b)',
        'Plugins: same (a)',
        'Plugins: same (b)',
        'Work: early (b)',
        'Work: tab 9 (b)',
        'Work: tab 10 (b)',
        'Work: late (b)',
      ],
    );
  });

  it('does not mix groups that only look alike', () => {
    const made = stage([
      new StandIn({
        contributions: [
          { label: 'a', group: 'Caf\u00e9' },
          { label: 'b', group: 'Cafe\u0301' },
          { label: 'c', group: 'Caf\u00e9' },
        ],
      }),
    ]);
    const groups = made.contributions.list().map(({ group }) => group);
    assert.equal(groups.filter((group, i) => group !== groups[i - 1]).length, 2);
  });

  it('is a copy that nobody can change', () => {
    const { contributions } = stage([new StandIn({ contributions: [{}] })]);
    (contributions.list('admin.tab') as unknown[]).length = 0;
    assert.lengthOf(contributions.list('admin.tab'), 1);
    assert.isFrozen(contributions.list('admin.tab')[0]);
  });
});

describe('a point of the app', () => {
  const panel = (given: Partial<Contribution>): StandIn =>
    new StandIn({ contributions: [{ point: 'item.panel', ...given }] });

  it('is offered beside admin.tab, which is always there', () => {
    const made = stage([new StandIn({ contributions: [{}, { point: 'item.panel', label: 'Panel' }] })], {
      'item.panel': {},
    });
    assert.deepEqual(labels(made), ['Tab', 'Panel']);
    assert.deepEqual(labels(made, 'item.panel'), ['Panel']);
  });

  it('that is not declared is not offered, and the log says so once', () => {
    const { contributions, lines } = stage([panel({ label: 'Panel' })]);
    contributions.refresh();
    assert.isEmpty(contributions.list());
    assert.deepEqual(lines, [
      'shortcut warn "Panel" for the extension point "item.panel" is not shown: this app has no such point',
    ]);
  });

  const schemas: [kind: string, schema: ExtensionPoint['schema']][] = [
    ['a function', ({ component }) => component?.endsWith('.html') ?? 'it needs a page'],
    [
      'a function that throws',
      ({ component }) => {
        if (component === undefined) throw new Error('it needs a page');
        return true;
      },
    ],
    ['Valibot', v.looseObject({ component: v.string() }, 'it needs a page')],
    [
      'a callable Standard Schema',
      Object.assign(() => true, {
        '~standard': {
          validate: (value: unknown) =>
            (value as Contribution).component ? {} : { issues: [{ message: 'it needs a page' }] },
        },
      }),
    ],
  ];
  for (const [kind, schema] of schemas) {
    it(`leaves out what does not fit its schema, made of ${kind}`, () => {
      const points = { 'item.panel': schema ? { schema } : {} };
      assert.deepEqual(labels(stage([panel({ component: 'a.html', label: 'Fits' })], points)), ['Fits']);
      const { contributions, lines } = stage([panel({ label: 'Panel' })], points);
      contributions.refresh();
      assert.isEmpty(contributions.list());
      assert.lengthOf(lines, 1);
      assert.match(lines[0] ?? '', /^shortcut warn "Panel" .* is left out: .*it needs a page/);
    });
  }

  it('takes nothing where its check does not clearly say so', () => {
    const vague = (() => undefined) as unknown as () => boolean;
    const later = { '~standard': { validate: async () => ({}) } };
    for (const [schema, why] of [
      [vague, 'the point does not take it'],
      [() => false, 'the point does not take it'],
      [later, 'the schema of the point is asynchronous'],
    ] as const) {
      const { contributions, lines } = stage([panel({})], { 'item.panel': { schema } });
      assert.isEmpty(contributions.list());
      assert.include(lines[0], why);
    }
  });

  it('shows its schema what the manifest says, without what is absent', () => {
    let seen: unknown;
    const validate = (value: unknown): object => {
      seen = value;
      return {};
    };
    stage([panel({ icon: 'code' })], { 'item.panel': { schema: { '~standard': { validate } } } });
    assert.deepEqual(seen, { point: 'item.panel', id: 'tab', label: 'Tab', description: '', icon: 'code' });
    assert.notProperty(seen, 'component');
  });

  it('is refused when the host is made, where its declaration is none', () => {
    throwsCode('OPTION_INVALID', () => checkedPoints([]), /extensionPoints/);
    for (const points of [7, { a: true }, { ' ': {} }, { a: null }, { a: { schema: 'yes' } }, { a: { schema: {} } }]) {
      throwsCode('OPTION_INVALID', () => checkedPoints(points), /`extensionPoints`/);
    }
  });
});

describe('the news of a change', () => {
  it('comes for each point that is really another, and for no other', () => {
    const made = stage([], { 'item.panel': {}, 'item.menu': {} });
    const { contributions, plugins, changes } = made;
    assert.isEmpty(changes, 'nothing was there, and nothing is');

    const plugin = new StandIn({ contributions: [{}, { point: 'item.panel' }] });
    plugins.push(plugin);
    contributions.refresh();
    assert.sameMembers(changes.splice(0), ['admin.tab', 'item.panel']);
    contributions.refresh();
    assert.isEmpty(changes);

    plugins.push(new StandIn({ id: 'other', contributions: [{ point: 'item.panel', label: 'other' }] }));
    contributions.refresh();
    assert.deepEqual(changes.splice(0), ['item.panel']);

    plugin.active = false;
    contributions.refresh();
    assert.sameMembers(changes.splice(0), ['admin.tab', 'item.panel']);
    assert.deepEqual(labels(made), ['other']);

    plugins.length = 0;
    contributions.refresh();
    assert.deepEqual(changes, ['item.panel']);
  });

  it('comes when the same contribution is of another version, whose page is another', () => {
    const { contributions, plugins, changes } = stage([new StandIn({ contributions: [{}] })]);
    changes.length = 0;
    const next = new StandIn({ contributions: [{}] });
    Object.assign(next.manifest, { version: '2.0.0' });
    plugins[0] = next;
    contributions.refresh();
    assert.deepEqual(changes, ['admin.tab']);
  });
});
