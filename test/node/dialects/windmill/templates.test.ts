// Templates, beside the real Handlebars: what it makes of each, ours makes, and where it fails, ours fails.

import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import Handlebars from 'handlebars';
import { renderTemplate } from '../../../../src/dialects/windmill/templates/render.ts';

const DATA = {
  title: 'Ada & "Bob" <b>\'`=',
  zero: 0,
  no: false,
  yes: true,
  empty: '',
  nothing: null,
  one: 1,
  list: ['a', 'b', 'c'],
  none: [],
  people: [
    { name: 'Ada', tags: ['x', 'y'], age: 36 },
    { name: 'Bob', tags: [], age: 0 },
  ],
  map: { k1: 'v1', k2: 'v2' },
  deep: { a: { b: { c: 'deep' } }, title: 'inner' },
  nested: [
    [1, 2],
    [3, 4],
  ],
  mixed: [null, 0, '', 'x', { v: 1 }],
  'odd key': 'odd',
  key: 'k2',
  text: 'hello',
  if: 'shadowed',
};

const TEMPLATES = [
  '',
  'plain text',
  '{{title}}',
  '{{{title}}}',
  '{{&title}}',
  '{{missing}}|{{missing.deeper}}|{{nothing}}|{{zero}}|{{no}}|{{yes}}|{{empty}}',
  '{{list}} {{{list}}} {{map}}',
  '{{this}}',
  '{{.}}',
  '{{deep.a.b.c}} {{deep/a/b/c}} {{this.deep.a.b.c}} {{./title}}',
  '{{[odd key]}} {{this.[odd key]}} {{"odd key"}}',
  '{{list.[0]}} {{list.1}} {{list.length}} {{text.length}}',
  '{{12}} {{true}} {{null}} {{undefined}}',
  '{{! comment }}a{{!-- another }} --}}b',
  '\\{{title}} \\\\{{title}}',
  '  {{~title~}}  x',
  '{{#if yes}}yes{{else}}no{{/if}}',
  '{{#if zero}}yes{{else}}no{{/if}}{{#if zero includeZero=true}}yes{{else}}no{{/if}}',
  '{{#if empty}}1{{/if}}{{#if none}}2{{/if}}{{#if map}}3{{/if}}{{#if missing}}4{{/if}}',
  '{{#if no}}a{{else if yes}}b{{else}}c{{/if}}',
  '{{#unless no}}a{{else}}b{{/unless}}{{#unless yes}}a{{else}}b{{/unless}}',
  '{{#unless zero includeZero=true}}a{{else}}b{{/unless}}',
  '{{^if no}}a{{/if}}',
  '{{#each list}}{{@index}}:{{this}}{{#if @first}}F{{/if}}{{#if @last}}L{{/if}};{{/each}}',
  '{{#each map}}{{@key}}={{this}} {{@index}}{{@first}}{{@last}};{{/each}}',
  '{{#each none}}x{{else}}none{{/each}}{{#each missing}}x{{else}}none{{/each}}{{#each text}}x{{else}}text{{/each}}',
  '{{#each none}}x{{/each}}',
  '{{#each people}}{{name}}({{#each tags}}{{this}}{{../name}}{{@../index}}{{else}}-{{/each}}){{/each}}',
  '{{#each people as |p i|}}{{i}}{{p.name}}{{#each p.tags as |t|}}{{t}}{{p.name}}{{/each}}{{/each}}',
  '{{#each nested}}{{#each this}}{{.}}{{@../index}}{{../this}}|{{/each}}{{/each}}',
  '{{#each mixed}}[{{this}}{{v}}{{../text}}]{{/each}}',
  '{{#each mixed}}{{#if this}}{{../text}}{{else}}{{../text}}{{/if}}{{/each}}',
  '{{#each mixed}}{{#with this}}{{../../text}}{{v}}{{else}}-{{/with}}{{/each}}',
  '{{#with deep}}{{title}} {{../title}} {{@root.text}} {{a.b.c}}{{/with}}',
  '{{#with missing}}x{{else}}none {{text}}{{/with}}{{#with zero}}zero{{else}}none{{/with}}',
  '{{#with deep as |d|}}{{d.title}}{{title}}{{/with}}',
  '{{#with deep}}{{#with a}}{{../title}}{{../../title}}{{/with}}{{/with}}',
  '{{lookup map key}} {{lookup list 1}} {{lookup missing "x"}} {{lookup map "nope"}}',
  '{{#each list}}{{lookup ../list @index}}{{/each}}',
  '{{#with (lookup people 0)}}{{name}}{{/with}}',
  '{{lookup (lookup people 1) "name"}}',
  '{{#list}}<{{.}}>{{/list}}{{#none}}x{{else}}none{{/none}}',
  '{{#deep}}{{title}}{{../text}}{{/deep}}',
  '{{#yes}}{{text}}{{/yes}}{{#no}}x{{/no}}{{^no}}not{{/no}}{{^list}}x{{/list}}',
  '{{#missing}}x{{else}}none{{/missing}}{{^missing}}none{{/missing}}',
  '{{#zero}}zero{{.}}{{else}}none{{/zero}}{{#empty}}[{{.}}]{{/empty}}',
  '{{#this}}{{text}}{{/this}}',
  '{{#people}}{{name}}{{@index}}{{/people}}',
  '{{#people}}{{#if age}}{{name}}{{/if}}{{/people}}',
  '{{@root.title}} {{@index}} {{@missing.deeper}}',
  '{{#each list}}{{#each ../list}}{{@index}}{{@../index}} {{@_parent.index}}{{/each}}{{/each}}',
  '{{#if yes}}{{#if yes}}{{../text}}{{text}}{{/if}}{{/if}}',
  '{{../text}} {{../../text}}',
  '{{#if yes}}\n  line\n{{/if}}\nafter\n{{! alone }}\nend',
  '{{#each list}}\n- {{this}}\n{{/each}}\n',
  '{{log "x" title}}after',
  '{{log title level="warn"}}after',
  '{{missing a=1}}',
  '{{#missing a=1}}x{{/missing}}',
  '{{#each people as |p|}}{{#p}}{{name}}{{/p}}{{p.missing}}{{/each}}',
  '{{{{raw}}}} {{title}} {{{{/raw}}}}'.repeat(120),
  // What fails.
  '{{#if}}x{{/if}}',
  '{{#if yes no}}x{{/if}}',
  '{{if yes}}',
  '{{#unless}}x{{/unless}}',
  '{{#each}}x{{/each}}',
  '{{each list}}',
  '{{#with}}x{{/with}}',
  '{{with deep}}',
  '{{lookup map}}',
  '{{missing 1}}',
  '{{text 1}}',
  '{{deep.title 1}}',
  '{{(missing 1)}}',
  '{{#missing 1}}x{{/missing}}',
  '{{> partial}}',
  '{{#if yes as |v|}}{{v}}{{/if}}',
  '{{#if yes}}',
  '{{/if}}',
  '{{',
  '{{}}',
  '{{#if yes}}x{{/unless}}',
  '{{else}}',
  '{{foo bar',
  '{{"unterminated}}',
];

/** What a plugin would reach through a prototype. */
const DENIED = [
  '{{constructor}}',
  '{{this.constructor}}',
  '{{constructor.name}}',
  '{{__proto__}}',
  '{{this.__proto__.constructor}}',
  '{{text.constructor}}',
  '{{list.constructor}} {{list.push}} {{list.map}}',
  '{{lookup this "constructor"}} {{lookup text "__proto__"}} {{lookup list "concat"}}',
  '{{#with (lookup this "__proto__")}}x{{else}}denied{{/with}}',
  '{{#with constructor}}x{{else}}denied{{/with}}',
  '{{#each constructor}}x{{else}}denied{{/each}}',
  '{{toString}} {{valueOf}} {{hasOwnProperty}}',
  '{{@root.constructor}} {{@constructor}} {{@root.__proto__}}',
  '{{#constructor}}x{{else}}denied{{/constructor}}',
  '{{__defineGetter__}} {{this.__lookupGetter__}}',
];

/** With own keys of these names, which are data. */
const HOSTILE = JSON.parse(
  '{"__proto__":{"x":1},"constructor":"own","hasOwnProperty":"own","toString":"own"}',
) as object;

type Outcome = { readonly text: string } | 'fails';

function outcome(render: () => string): Outcome {
  try {
    return { text: render() };
  } catch {
    return 'fails';
  }
}

// Quiet: it says so when it denies something.
Handlebars.log = () => undefined;
(Handlebars as unknown as { logger: { log(): void } }).logger.log = () => undefined;

const real = (template: string, data: unknown): Outcome => outcome(() => Handlebars.compile(template)(data));
const ours = (template: string, data: unknown): Outcome =>
  outcome(() => renderTemplate(template, data, () => undefined));

test('fills in templates as Handlebars does, and fails where it fails', () => {
  for (const template of [...TEMPLATES, ...DENIED]) {
    assert.deepEqual(ours(template, DATA), real(template, DATA), template);
  }
});

test('denies what is inherited, and gives keys of the same names that are data', () => {
  for (const template of DENIED) {
    const given = ours(template, DATA);
    assert.notEqual(given, 'fails', template);
    assert.doesNotMatch((given as { text: string }).text, /x|function|object/i, template);
    assert.deepEqual(ours(template, HOSTILE), real(template, HOSTILE), template);
  }
});

test('fills in what is made of pieces at random as Handlebars does', () => {
  const pieces = TEMPLATES.slice(2, 60);
  let seed = 7;
  const next = (most: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % most;
  };
  const piece = (): string => pieces[next(pieces.length)] as string;
  const wrapped = [
    (inner: string) => `{{#each people}}${inner}{{/each}}`,
    (inner: string) => `{{#with deep}}${inner}{{else}}${piece()}{{/with}}`,
    (inner: string) => `{{#if ${['yes', 'no', 'zero', 'list', 'missing'][next(5)]}}}${inner}{{else}}${inner}{{/if}}`,
    (inner: string) => `{{#each mixed}}${inner}{{/each}}`,
    (inner: string) => `{{#list}}${inner}{{/list}}`,
  ];
  for (let round = 0; round < 500; round++) {
    let template = piece() + piece();
    for (let depth = next(4); depth > 0; depth--)
      template = (wrapped[next(wrapped.length)] as (typeof wrapped)[0])(template);
    assert.deepEqual(ours(template, DATA), real(template, DATA), template);
  }
});

test('has the helpers of Windmill, of which one that fails prints a dash', () => {
  const data = {
    html: '<b onclick=x>a</b><script>alert(1)</script><i>b <u>c</u> &amp; <',
    n: 1_234_567,
    big: '18446744073709551615',
    f: 12.3456,
    map: { a: [1] },
  };
  const cases: readonly (readonly [template: string, text: string])[] = [
    ['{{sanitize_html html}}', '<b>a</b><i>b c &amp; &lt;</i>'],
    ['{{sanitize_html n}}', ''],
    [
      '{{format_u64 n}} {{format_u64 big}} {{format_u64 "-1"}} {{format_u64 f}} {{format_u64}}',
      '1,234,567 18,446,744,073,709,551,615 - - -',
    ],
    ['{{format_percentage f}} {{format_percentage "0.5"}} {{format_percentage html}}', '12.35 0.50 -'],
    ['{{format_date "2025-01-01" "%Y"}} {{datetime}}', '- -'],
    ['{{let "x" n}}{{x}} {{#if n}}{{x}}{{let "y" 2}}{{y}}{{/if}}{{y}}', '1234567 12345672'],
    ['{{let n 1}} {{let "x"}}', '- -'],
    ['{{expr html}}|{{expr missing}}|{{expr map}}|{{expr n}}', `${data.html}|-|{"a":[1]}|1234567`],
    ['{{inc n}} {{inc "1"}} {{inc f}}', '1234568 - -'],
    ['{{to_json map}}{{to_json html}}', `{"a":[1]}${JSON.stringify(data.html)}`],
    [
      '{{multiply (parse_i64 "6") 7}} {{parse_i64 n}} {{divide 1 4}} {{divide 1 0}} {{sum 1 "2" 3}} {{sum big 1}}',
      '42 - 0.25 - 6 -',
    ],
    ['{{#each map}}{{inc @index}}{{/each}}', '1'],
  ];
  for (const [template, text] of cases) assert.deepEqual(ours(template, data), { text }, template);
  assert.equal(ours('{{to_json}}', data), 'fails');
});

test('keeps what is sanitised free of any other tag', () => {
  const attacks = [
    '<scr<script></script>ipt>alert(1)</script>',
    '<b<script></script> onclick=x>',
    '<!-- <b> --><img src=x onerror=y>',
    '<b',
    '</b></i><i>',
    '<a href="javascript:x">y</a>',
    '<!--',
    '<svg/onload=x>',
    '<b><i></b>',
    '&lt;img&gt;',
    '<<b>b>',
  ];
  for (const html of attacks) {
    const { text } = ours('{{sanitize_html html}}', { html }) as { text: string };
    assert.equal(text.replace(/<\/?(?:strong|em|b|i|br)>/g, '').search(/[<>]/), -1, `${html} → ${text}`);
  }
});

test('ends templates that take too much, soon', () => {
  const many = Array.from({ length: 40_000 }, (_, i) => i % 10);
  const long = 'x'.repeat(200_000);
  const attacks: readonly (readonly [name: string, template: string, data: object])[] = [
    ['loops in loops', '{{#each a}}{{#each ../a}}{{#each ../../a}}{{/each}}{{/each}}{{/each}}', { a: many }],
    ['much output', '{{#each a}}{{../t}}{{/each}}', { a: many, t: long }],
    ['long names', '{{#each a}}{{lookup ../m ../t}}{{/each}}', { a: many, t: many, m: {} }],
    [
      'values within a list',
      '{{#with a}}{{#each this}}{{#if ../this}}{{/if}}{{/each}}{{/with}}{{#each a}}{{to_json ../a}}{{/each}}',
      { a: many },
    ],
    ['levels', `${'{{#if y}}'.repeat(20_000)}${'{{/if}}'.repeat(20_000)}`, { y: 1 }],
    ['calls', `{{lookup ${'(lookup '.repeat(20_000)}a 1${' 1)'.repeat(20_000)} 1}}`, { a: 1 }],
    ['tags that do not end', '{{#each a}}{{sanitize_html ../t}}{{/each}}', { a: many, t: '<script'.repeat(30_000) }],
    [
      'numbers',
      '{{#each a}}{{format_percentage ../t}}{{/each}}{{#each a}}{{#each ../a}}{{/each}}{{/each}}',
      { a: many, t: '1'.repeat(200_000) },
    ],
    ['opened and not closed', '{{#if a}}'.repeat(25_000), {}],
    ['a text without an end', '{{a "'.repeat(40_000), {}],
    ['comments', '{{!-- a '.repeat(30_000), {}],
    [
      'lists without any text',
      '{{#each a}}{{../t}}{{lookup ../m ../t}}{{/each}}',
      { a: many, m: {}, t: JSON.parse(`${'['.repeat(1_500)}${']'.repeat(1_500)}`) as unknown },
    ],
    [
      'names of a block',
      `{{#each a as |${Array.from({ length: 9_000 }, (_, i) => `n${i}`).join(' ')}|}}{{x}}{{x}}{{x}}{{/each}}`,
      { a: many },
    ],
    [
      'long paths',
      `{{#each a}}{{lookup @root${'.d'.repeat(5_000)} 1}}{{/each}}`,
      { a: many, ...(JSON.parse(`${'{"d":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as object) },
    ],
  ];
  for (const [name, template, data] of attacks) {
    const began = performance.now();
    assert.equal(ours(template, data), 'fails', name);
    const took = performance.now() - began;
    assert.ok(took < 3_000, `${name} took ${took} ms`);
  }
});
