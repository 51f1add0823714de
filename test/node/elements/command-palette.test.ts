// What `<cloche-palette>` finds, binds and asks for, without a page.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineOf } from '../../../src/elements/palette/arguments.ts';
import { readKeymap } from '../../../src/elements/palette/keymap.ts';
import { found } from '../../../src/elements/palette/search.ts';

const command = (name: string, description = '') => ({
  name,
  description,
  plugin: name.split('.')[0] ?? '',
  params: [],
  returnType: '',
});

const COMMANDS = [
  command('case.lower', 'Makes the selected letters small'),
  command('case.upper', 'Makes the selected letters large'),
  command('harpoon.list', 'Shows what is kept'),
  command('harpoon.set'),
];

const names = (query: string, recent: string[] = []) => found(COMMANDS, query, recent).map(({ name }) => name);

describe('commands that are looked for', () => {
  it('are all there where nothing is typed, those run last first', () => {
    assert.deepEqual(names('', ['harpoon.set']), ['harpoon.set', 'case.lower', 'case.upper', 'harpoon.list']);
  });

  it('fit by a word of the name, by one of the description, or by letters in their order', () => {
    assert.deepEqual(names('set'), ['harpoon.set']);
    assert.deepEqual(names('LARGE'), ['case.upper']);
    assert.deepEqual(names('hpl'), ['harpoon.list']);
    assert.deepEqual(names('case small'), ['case.lower']);
    assert.deepEqual(names('nothing'), []);
  });

  it('stand in the order of how well they fit, and then of when they ran', () => {
    assert.deepEqual(names('l', ['case.upper']), ['case.lower', 'harpoon.list', 'case.upper']);
    assert.deepEqual(names('case', ['case.upper']), ['case.upper', 'case.lower']);
  });
});

const event = (key: string, held: string[] = [], code = '') => ({
  key,
  code,
  ctrlKey: held.includes('ctrl'),
  altKey: held.includes('alt'),
  shiftKey: held.includes('shift'),
  metaKey: held.includes('meta'),
});

describe('a keymap', () => {
  it('binds keys to a command with its arguments', () => {
    const { bindings } = readKeymap({ 'Alt+2': 'harpoon.set 2 "two"', 'ctrl + x': ' say \\all "of" it' });
    assert.deepEqual(
      bindings.map(({ name, args }) => [name, args]),
      [
        ['harpoon.set', '2 "two"'],
        ['say', '"all \\"of\\" it"'],
      ],
    );
  });

  it('matches exactly the keys that it says, by what they write or where they are', () => {
    const matches = (keys: string, given: ReturnType<typeof event>, apple = false) =>
      readKeymap({ [keys]: 'a.b' }, apple).bindings[0]?.matches(given);
    assert.ok(matches('Mod+Shift+U', event('U', ['ctrl', 'shift'])));
    assert.ok(matches('Mod+Shift+U', event('u', ['meta', 'shift']), true));
    assert.ok(matches('Alt+2', event('™', ['alt'], 'Digit2')));
    assert.ok(matches('Ctrl++', event('+', ['ctrl'])));
    assert.ok(matches('F2', event('F2')));
    assert.equal(matches('Mod+U', event('u', ['ctrl', 'shift'])), false);
    assert.equal(matches('U', event('i')), false);
  });

  it('shows keys as they stand on the keyboard', () => {
    const keys = (apple: boolean) => readKeymap({ 'Mod+Alt+U': 'a.b' }, apple).bindings[0]?.keys;
    assert.deepEqual([keys(false), keys(true)], ['Ctrl+Alt+U', '⌘+Alt+U']);
  });

  it('says what of it cannot be read', () => {
    const { bindings, problems } = readKeymap({ 'Hyper+A': 'a.b', 'Ctrl+': 'a.b', 'Ctrl+A': ' ' });
    assert.deepEqual([bindings.length, problems.length], [0, 3]);
    assert.match(problems[0] ?? '', /Hyper\+A/);
  });
});

describe('arguments that are typed', () => {
  const params = [
    { name: 'index', type: 'int' },
    { name: 'text', type: 'string' },
    { name: 'options', type: '?object' },
    { name: 'deep', type: '?bool' },
  ];

  it('make a line of JSON', () => {
    assert.deepEqual(lineOf(params, ['2', 'a "b"', '{"c": 1}', 'true']).line, '2 "a \\"b\\"" {"c": 1} true');
    assert.deepEqual(lineOf([{ name: 'id', type: 'id' }], ['9007199254740993']).line, '9007199254740993');
    assert.deepEqual(lineOf(params, ['2', '']).line, '2 ""');
  });

  it('have their problems said, each at its field', () => {
    assert.deepEqual(lineOf(params, ['1.5', '', '{', '']).problems, [
      { message: 'palette.expected', parameter: 'index: int' },
      undefined,
      { message: 'palette.noJson', parameter: 'options: ?object' },
      undefined,
    ]);
    assert.deepEqual(lineOf(params, ['', 'x', '', 'true']).problems, [
      { message: 'palette.enter', parameter: 'index: int' },
      undefined,
      { message: 'palette.enterBefore', parameter: 'options: ?object' },
      undefined,
    ]);
  });
});
