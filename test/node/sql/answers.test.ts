// What the worker of a database says, as the page reads it: a stranger's statements run there, so what it says may be anything.

import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MOST_VALUES } from '../../../src/sql/answer-budget.ts';
import { rowsJson } from '../../../src/sql/columns.ts';
import { readAnswer } from '../../../src/sql/pglite/read-answer.ts';

const MOST_BYTES = 1_000;
const COLUMNS = [{ name: 'a', type: 25 }];

const result = (rows: unknown, columns: unknown = COLUMNS) =>
  readAnswer({ id: 1, type: 'RESULT', result: { columns, rows, tag: 'SELECT', state: 'T' } }, () => MOST_BYTES);
/** Why it ends the worker; undefined for what is read as rows, or as no answer at all. */
const tooLarge = (answer: ReturnType<typeof readAnswer>) =>
  answer?.type === 'BROKEN' && answer.why === 'large' ? answer.message : undefined;

describe('rows of a database', () => {
  it('M6: are counted in the page again, as bytes of the database and as values', () => {
    // 7 for the row, 4 for the value.
    assert.equal(result([['x'.repeat(MOST_BYTES - 11)]])?.type, 'RESULT');
    assert.equal(tooLarge(result([['x'.repeat(MOST_BYTES - 10)]])), '1000 bytes');
    assert.equal(tooLarge(result(Array.from({ length: 91 }, () => [null]))), '1000 bytes');
    assert.equal(result(Array.from({ length: 90 }, () => [null]))?.type, 'RESULT');
    // Of which none is looked at.
    assert.equal(tooLarge(result(new Array(2 ** 32 - 1))), `${MOST_VALUES} values`);
    assert.equal(tooLarge(result(new Array(MOST_VALUES + 1), [])), `${MOST_VALUES} values`);
    const two = [...COLUMNS, ...COLUMNS];
    assert.equal(tooLarge(result(new Array(MOST_VALUES / 2 + 1), two)), `${MOST_VALUES} values`);
  });

  it('are no answer where they are not what a database sends', () => {
    for (const rows of ['rows', [['a', 'b']], [[1]], ['a'], [undefined], new Array(3)])
      assert.equal(result(rows), undefined);
    const wrong = [
      [{ name: 'a'.repeat(64), type: 25 }],
      [{ name: 'a' }],
      new Array(3),
      new Array(1_665).fill(COLUMNS[0]),
    ];
    for (const columns of wrong) assert.equal(result([], columns), undefined);
  });

  it('M6: are too large as JSON where the names of their columns make them so', () => {
    const columns = [{ name: '\u0001'.repeat(63), type: 25 }];
    const rows = Array.from({ length: 100 }, () => [null]);
    assert.throws(() => rowsJson({ columns, rows }, 10_000), { code: 'OUTPUT_TOO_LARGE' });
    const json = rowsJson({ columns, rows }, 100_000);
    assert.equal(rowsJson({ columns, rows }, json.length + 1), json);
  });
});
