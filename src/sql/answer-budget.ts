// What the answer to one statement may have, counted as the database sends it: whoever hands rows on may have been made to lie.
// https://www.postgresql.org/docs/18/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-DATAROW

/** Of all rows, NULL among them, and one for each row without columns: each is four bytes there, and many times that in the page. */
export const MOST_VALUES = 1 << 20;
const ROW_BYTES = 7;
const VALUE_BYTES = 4;

export class AnswerBudget {
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** To be asked before the rows are looked at. */
  static hasRoomFor(rows: number, columns: number): boolean {
    return rows * Math.max(columns, 1) <= MOST_VALUES;
  }

  /** Whether a row still fits. */
  takes(row: readonly (string | null)[]): boolean {
    this.#bytes += row.reduce((sum, value) => sum + VALUE_BYTES + (value?.length ?? 0), ROW_BYTES);
    return this.#bytes <= this.#mostBytes;
  }
}
