// What the bootstrap tells of the look of a page.

import { assert } from 'chai';
import type { PageLook } from '../../src/frames/page-protocol.ts';
import { eventually, pause } from '../helpers/hosts.ts';
import { clearStage, hijack, page, stage } from './stage.ts';

/** As the client library of pages does when it hears of the theme. */
const THEMED = `document.documentElement.style.setProperty('--ds-text', 'rgb(1, 2, 3)');`;

const fits = (look: PageLook | undefined): boolean => !!look && (look.usesToken || look.hasScheme);

/** The looks that a page tells of, the latest last. */
async function looksOf(head: string, script = '', body = '<p>Text</p>', file = page(script, `${head}${body}`)) {
  const looks: PageLook[] = [];
  const { failures } = await stage({ 'index.html': file }, { look: (look) => looks.push(look) });
  await eventually(() => looks.length > 0 || failures.length > 0, 'a look');
  return { looks, failures };
}

describe('the look of a page', () => {
  afterEach(clearStage);

  const foreign: [name: string, head: string, script: string][] = [
    ['has no styles', '', THEMED],
    [
      'only names a token, in text and in a comment',
      '<style>/* var(--ds-text) */</style><p>var(--ds-text)</p>',
      THEMED,
    ],
    ['sets a token and uses none', '<style>:root { --ds-text: red } p { color: #333 }</style>', THEMED],
    [
      'uses a token that has no value, with a colour in its place',
      '<style>p { color: var(--ds-text, #333) }</style>',
      '',
    ],
    ['uses a token in a rule for nothing that is there', '<style>.later { color: var(--ds-text) }</style>', THEMED],
    [
      'uses a token in a medium that it is not in',
      '<style>@media print { p { color: var(--ds-text) } }</style>',
      THEMED,
    ],
    ['uses a variable of its own', '<style>:root { --text: #333 } p { color: var(--text) }</style>', THEMED],
    ['declares the scheme to be normal', '<style>:root { color-scheme: normal }</style>', THEMED],
  ];
  for (const [name, head, script] of foreign) {
    it(`does not fit the app where the page ${name}`, async () => {
      const { looks } = await looksOf(head, script);
      await pause(200);
      assert.isFalse(fits(looks.at(-1)));
    });
  }

  const fitting: [name: string, head: string, script: string][] = [
    ['uses a token', '<style>p { color: var(--ds-text) }</style>', THEMED],
    ['uses one through a variable of its own', '<style>:root { --text: var(--ds-text, red) }</style>', THEMED],
    ['uses one in a style of an element', '<p style="color: var(--ds-text)">Text</p>', THEMED],
    [
      'uses one in a sheet that a script made',
      '',
      `${THEMED} document.head.append(Object.assign(
      document.createElement('style'), { textContent: '@layer a { p { color: var(--ds-text) } }' }));`,
    ],
    [
      'uses one in a shadow tree',
      '<div></div>',
      `${THEMED} document.querySelector('div').attachShadow({ mode: 'open' })
      .innerHTML = '<style>p { color: var(--ds-text) }</style><p>Text</p>';`,
    ],
    ['declares a scheme in its styles', '<style>:root { color-scheme: light dark }</style>', ''],
    ['declares a scheme in its markup', '<meta name="color-scheme" content="dark light">', ''],
  ];
  for (const [name, head, script] of fitting) {
    it(`fits the app where the page ${name}`, async () => {
      const { looks } = await looksOf(head, script);
      await eventually(() => fits(looks.at(-1)), 'the look');
    });
  }

  it('has the colours of text that has nothing of the page behind it', async () => {
    const cards = `<p style="color: rgb(1, 1, 1)">Bare</p><p style="color: rgb(1, 1, 1)">Again</p>
      <p style="color: rgb(2, 2, 2); background: rgb(255 255 255 / 0.1)">Glass</p>
      <div style="background: white"><p style="color: rgb(3, 3, 3)">In a card</p></div>
      <div style="background: linear-gradient(red, blue)"><p style="color: rgb(4, 4, 4)">On an image</p></div>
      <p style="color: rgb(5, 5, 5)" hidden>Hidden</p>`;
    const { looks } = await looksOf('', '', cards);
    assert.deepEqual(looks.at(-1)?.text, ['rgb(1, 1, 1)', 'rgb(2, 2, 2)']);
  });

  it('is told again when it has changed, and not when it has not', async () => {
    const script = `setTimeout(() => { document.body.style.color = 'rgb(9, 9, 9)' }, 150);
      setTimeout(() => { document.body.dataset.other = 'x'; }, 300);`;
    const { looks } = await looksOf('', script);
    await eventually(() => looks.at(-1)?.text[0] === 'rgb(9, 9, 9)', 'the change');
    await pause(400);
    assert.equal(looks.length, 2);
  });

  it('ends the page for a look with what is no colour', async () => {
    const forged = hijack(`send({ type: 'LOOK', usesToken: true, hasScheme: true, text: [{}] })`);
    const { failures } = await looksOf('', '', '', forged);
    await eventually(() => failures.length > 0, 'the end');
    assert.equal(failures[0]?.code, 'FRAME_FAILED');
  });
});
