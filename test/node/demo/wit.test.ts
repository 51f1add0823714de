// The form that the playground makes of a component's function: its type as text, and what is typed into it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDraft } from '../../../demo/playground/wit/draft.ts';
import { parseFunction } from '../../../demo/playground/wit/parse-wit.ts';
import { worldOf, worldText } from '../../../demo/playground/wit/world.ts';
import type { ExportFact } from '../../../src/runtime/wire/protocol.ts';
import { readWorld } from '../../../workers/component/world/read-world.ts';
import { printFunction } from '../../../workers/component/world/wit-types.ts';
import { componentText } from '../components/fixtures.ts';

function read(type: string, draft: Record<string, string>) {
  const fn = parseFunction(`func(a: ${type})`);
  assert.ok(fn, type);
  const { args, errors } = readDraft(fn, new Map(Object.entries(draft)));
  return { value: args[0], errors: Object.fromEntries(errors) };
}

const VALUES: readonly (readonly [type: string, draft: Record<string, string>, value: unknown])[] = [
  ['bool', { 0: 'yes' }, true],
  ['bool', {}, false],
  ['u8', { 0: ' 255 ' }, 255],
  ['s32', { 0: '-2147483648' }, -2_147_483_648],
  ['u64', { 0: '18446744073709551615' }, '18446744073709551615'],
  ['s64', { 0: '+5' }, '5'],
  ['f64', { 0: '-1.5e3' }, -1_500],
  ['f32', { 0: 'NaN' }, 'NaN'],
  ['f64', { 0: '-Infinity' }, '-Infinity'],
  ['char', { 0: '😀' }, '😀'],
  ['string', {}, ''],
  ['list<u8>', { 0: 'é' }, [0xc3, 0xa9]],
  ['list<u8>', { 0: '00 ff,1a', '0.hex': 'yes' }, [0, 255, 26]],
  ['list<u32>', { 0: '0,2', '0.0': '1', '0.1': 'removed', '0.2': '3' }, [1, 3]],
  ['list<list<string>>', { 0: '0', '0.0': '4', '0.0.4': 'x' }, [['x']]],
  ['tuple<u32, string>', { '0.0': '1', '0.1': 'b' }, [1, 'b']],
  ['record { x: s8, the-name: string }', { '0.0': '-1', '0.1': 'n' }, { x: -1, 'the-name': 'n' }],
  ['record { constructor: bool }', { '0.0': 'yes' }, { constructor: true }],
  ['variant { none, sized(u32) }', { 0: '1', '0.1': '4' }, { tag: 'sized', val: 4 }],
  ['variant { none, sized(u32) }', {}, { tag: 'none' }],
  ['enum { dark-red, blue }', { 0: '1' }, 'blue'],
  ['enum { dark-red, blue }', { 0: '7' }, 'dark-red'],
  ['flags { r, w }', { '0.1': 'yes' }, ['w']],
  ['option<u32>', {}, null],
  ['option<u32>', { 0: 'yes', '0.0': '7' }, 7],
  ['option<option<u32>>', { 0: 'yes' }, { tag: 'some', val: null }],
  ['result', {}, { tag: 'ok' }],
  ['result<_, string>', { 0: '1', '0.1': 'no' }, { tag: 'err', val: 'no' }],
  ['result<u32>', { '0.0': '1' }, { tag: 'ok', val: 1 }],
  ['borrow<resource-1>', { 0: '3' }, { handle: 3 }],
  ['own<resource-1>', { 0: '1' }, { handle: 1 }],
];

const WRONG: readonly (readonly [type: string, text: string, message: RegExp])[] = [
  ['u8', '256', /from 0 to 255/],
  ['u8', '1.5', /whole number/],
  ['u8', '', /whole number/],
  ['s64', '9223372036854775808', /to 9223372036854775807/],
  ['f64', '1,5', /such as 1\.5/],
  ['f64', '1e999', /such as 1\.5/],
  ['f64', '', /such as 1\.5/],
  ['char', 'ab', /not several/],
  ['char', '', /One character/],
  ['own<resource-1>', '0', /number of a handle/],
];

describe('the form of a function', () => {
  it('makes of what is typed the JSON that an export takes, for every type', () => {
    for (const [type, draft, value] of VALUES) assert.deepEqual(read(type, draft), { value, errors: {} }, type);
  });

  it('says what is wrong with a field, by its place', () => {
    for (const [type, text, message] of WRONG) assert.match(read(type, { 0: text }).errors['0'] ?? '', message, type);
    assert.match(read('list<u8>', { 0: '0', '0.hex': 'yes' }).errors['0'] ?? '', /Two digits/);
    const { errors } = read('tuple<u8, option<record { x: u8, y: u8 }>>', { '0.0': '1', '0.1': 'yes', '0.1.0.0': '2' });
    assert.deepEqual(Object.keys(errors), ['0.1.0.1']);
  });

  it('is made of no text that is not the type of a function, and of none that is too large', () => {
    const nested = (depth: number): string => `func(a: ${'list<'.repeat(depth)}u8${'>'.repeat(depth)})`;
    const wide = (count: number): string => `func(a: tuple<${Array(count).fill('u8').join(', ')}>)`;
    const none = [
      ...[
        '',
        '(i32) -> i32',
        'func(',
        'func() junk',
        'func(a)',
        'func(a: b)',
        'func(a: list)',
        'func(a: record { x })',
      ],
      ...['func(a: u8, b: …)', 'func(a: enum { <img src=x> })', 'func(__proto__: u8)', 'func(a: u8) -> '],
      ...[nested(16), wide(400)],
    ];
    for (const text of none) assert.equal(parseFunction(text), undefined, text.slice(0, 40));
    for (const text of ['func()', 'func() -> result', nested(15), wide(399)]) {
      assert.ok(parseFunction(text), text.slice(0, 40));
    }
  });

  it('understands what a worker prints of a component', async () => {
    const world = readWorld(
      await componentText(`(component
        (type $r (record (field "x" u8) (field "y" (option (list string)))))
        (import "r" (type $named (eq $r)))
        (type $v (variant (case "a") (case "b" (tuple s64 f32 char))))
        (import "v" (type $choice (eq $v)))
        (type $thing (resource (rep i32)))
        (type $f (func (param "r" $named) (param "v" (list $choice)) (result (result (error string)))))
        (import "run" (func (type $f))))`),
    );
    const [fn] = world.imports.flatMap(({ functions }) => functions);
    assert.ok(fn);
    assert.deepEqual(parseFunction(printFunction(fn, world.types)), {
      params: [
        {
          name: 'r',
          type: {
            kind: 'record',
            parts: [
              { name: 'x', type: { kind: 'u8' } },
              { name: 'y', type: { kind: 'option', of: { kind: 'list', of: { kind: 'string' } } } },
            ],
          },
        },
        {
          name: 'v',
          type: {
            kind: 'list',
            of: {
              kind: 'variant',
              parts: [
                { name: 'a', type: undefined },
                { name: 'b', type: { kind: 'tuple', items: [{ kind: 's64' }, { kind: 'f32' }, { kind: 'char' }] } },
              ],
            },
          },
        },
      ],
      result: { kind: 'result', ok: undefined, err: { kind: 'string' } },
    });
  });
});

describe('the world of a component', () => {
  const fact = (name: string, type = 'func()'): ExportFact => ({ name, kind: 'function', type, callable: true });

  it('is as WIT writes it, with the functions of an interface together', () => {
    const world = worldOf({
      imports: [{ module: 'a:b/c@1.0.0', name: 'ask', kind: 'function', type: 'func(x: u8)' }],
      exports: [fact('x:y/z#one'), fact('run', 'func() -> bool'), fact('x:y/z#two')],
    });
    assert.ok(world);
    assert.equal(
      worldText(world),
      `world plugin {
  import a:b/c@1.0.0: interface {
    ask: func(x: u8);
  }
  export x:y/z: interface {
    one: func();
    two: func();
  }
  export run: func() -> bool;
}`,
    );
  });

  it('is that of no core module, hides no character, and shows only so much', () => {
    assert.equal(worldOf({ imports: [], exports: [fact('run', '() -> i32')] }), undefined);
    assert.equal(worldOf({ imports: [], exports: [] }), undefined);
    const world = worldOf({ imports: [], exports: Array.from({ length: 503 }, (_, i) => fact(`f\u202e${i}`)) });
    assert.ok(world);
    const text = worldText(world);
    assert.ok(!text.includes('\u202e'));
    assert.match(text, /\n {2}\/\/ and 3 more functions\n}$/);
  });
});
