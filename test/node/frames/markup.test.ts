// U14: the markup of a plugin's page is counted before anything parses it. What is counted, and what is not.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MarkupReader } from '../../../src/frames/inline/markup.ts';
import { readOutline } from '../../../src/frames/inline/outline.ts';
import { atOnce, Pauses } from '../../../src/util/pauses.ts';

/** The tags of a text, as `p` and `/p`. */
function tagsOf(html: string): string[] {
  const reader = new MarkupReader(html);
  const tags: string[] = [];
  for (let token = reader.next(false); token; token = reader.next(false)) {
    if (token.kind === 'other') continue;
    tags.push(token.kind === 'end' ? `/${token.name}` : token.name);
    const { kind, name } = token;
    if (kind === 'start' && ['script', 'style', 'title'].includes(name)) atOnce(reader.rawText(name));
  }
  return tags;
}

function attributesOf(html: string): [string, string][] {
  const tag = new MarkupReader(html).next(false);
  return tag?.kind === 'start' ? tag.attributes.map(({ name, value }) => [name, value]) : [];
}

const read = (html: string) => readOutline(html, new Pauses());

describe('reading tags', () => {
  const rows: [string, string, string[]][] = [
    ['in any case', '<P></p><DIV>', ['p', '/p', 'div']],
    ['and no other signs', 'a < b <3 <- </ x> <b>', ['b']],
    ['not within comments', '<!-- <b> --><i><!--><u><!---><s><!-- --!><q>', ['i', 'u', 's', 'q']],
    ['not within what is not a comment', '<!doctype html><?xml <b?><![CDATA[<i>', []],
    ['not within values', `<a title="<b>" id='<i>'><u>`, ['a', 'u']],
    ['behind values without quotes', '<a href=x/><b>', ['a', 'b']],
    ['not within scripts', '<script>"<b></scriptx>"</script ><i>', ['script', '/script', 'i']],
    ['not within scripts in scripts', '<script><!--<script></script>--></script><i>', ['script', '/script', 'i']],
    ['behind a comment in a script that is empty', '<script><!--><script></script><i>', ['script', '/script', 'i']],
    ['not within styles', '<style>p > b {} /* <b> */</STYLE><i>', ['style', '/style', 'i']],
    ['not within titles', '<title><b></title><i>', ['title', '/title', 'i']],
    ['up to one that has no end', '<i><b title="', ['i']],
  ];
  for (const [what, html, expected] of rows) it(`finds them ${what}`, () => assert.deepEqual(tagsOf(html), expected));

  it('finds attributes with and without quotes and values', () => {
    assert.deepEqual(attributesOf(`<p a B=1 c = '2'd="3"/e=/f =x=y>`), [
      ['a', ''],
      ['b', '1'],
      ['c', '2'],
      ['d', '3'],
      ['e', '/f'],
      ['=x', 'y'],
    ]);
  });
});

describe('U14: a page that is dear to parse', () => {
  const attributes = (count: number): string => Array.from({ length: count }, (_, i) => `a${i}`).join(' ');
  const formats = (count: number): string => Array.from({ length: count }, (_, i) => `<b id=${i}>`).join('');
  const dear: [string, string, RegExp][] = [
    ['nested elements', '<div>'.repeat(513), /deeper than 512/],
    ['nested formatting', '<b><i><u><s>'.repeat(199_000), /deeper than 512/],
    ['nested tables', '<table><tr><td>'.repeat(60_000), /deeper than 512/],
    ['nested lists', '<ul><li>'.repeat(300), /deeper than 512/],
    ['nested drawings', '<svg><g>'.repeat(300), /deeper than 512/],
    ['nested drawings with HTML in them', '<svg><foreignObject><div>'.repeat(200), /deeper than 512/],
    ['nested templates', '<template>'.repeat(513), /deeper than 512/],
    ['what a drawing has behind a text', `<svg><title/>${'<g>'.repeat(600)}`, /deeper than 512/],
    ['what a style in a drawing seems to hide', `<svg><style/>${'<g>'.repeat(600)}`, /deeper than 512/],
    ['what a comment seems to hide', `<!-->${'<div>'.repeat(600)}<!---->`, /deeper than 512/],
    ['end tags of what is not open', '<div></b></x></table>'.repeat(600), /deeper than 512/],
    ['attributes', `<p ${attributes(1_001)}>`, /more than 1000 attributes/],
    ['attributes without space between them', `<p ${'a=""'.repeat(1_001)}>`, /more than 1000 attributes/],
    ['attributes of an end tag', `</p ${attributes(1_001)}>`, /more than 1000 attributes/],
    ['elements', '<i></i>'.repeat(200_001), /more than 200000 elements/],
    ['formatting that goes on', `<p>${formats(100)}</p>${'<p>x</p>'.repeat(100)}`, /more than 64 elements such as <b>/],
    ['formatting that is made anew', `<p>${formats(50)}</p>${'<p>x'.repeat(5_000)}`, /200000 elements/],
    ['formatting around blocks', `${formats(50)}${'<div></b>x'.repeat(5_000)}`, /deeper|elements/],
  ];
  for (const [what, html, problem] of dear) it(`is refused: ${what}`, () => assert.rejects(read(html), problem));

  const fine: [string, string][] = [
    ['elements as deep as Chromium keeps them', `${'<div>'.repeat(500)}${'</div>'.repeat(500)}`],
    ['paragraphs without ends', '<p>x'.repeat(10_000)],
    ['lists without ends', `<ul>${'<li>x<p>y'.repeat(10_000)}</ul>`],
    ['descriptions without ends', `<dl>${'<dt>x<dd>y'.repeat(10_000)}</dl>`],
    ['tables without ends', `<table>${`<tbody>${'<tr><th>x<td>y'.repeat(100)}`.repeat(20)}</table>`],
    ['options without ends', `<select>${'<optgroup><option>x<option>y'.repeat(5_000)}</select>`],
    ['links without ends', '<a href=x>x'.repeat(10_000)],
    ['formatting without ends, the same each time', '<p><b>x'.repeat(10_000)],
    ['formatting without ends in cells', `<table>${'<tr><td><font size=1><b>x'.repeat(10_000)}</table>`],
    ['empty elements', '<br><img><input><hr>'.repeat(20_000)],
    ['drawings', '<svg><title>x</title><g><path d="M0 0"/><use href="#a"/></g></svg>'.repeat(10_000)],
    ['markup in scripts', `<script>${'"<div>" + '.repeat(100_000)}1</script>`],
    ['markup in styles and comments', `<style>/*${'<div>'.repeat(10_000)}*/</style><!--${'<div>'.repeat(10_000)}-->`],
    ['markup where scripts are off', `<noscript>${'<div>'.repeat(1_000)}</noscript>`],
  ];
  for (const [what, html] of fine) it(`is taken: ${what}`, async () => void (await read(html)));
});
