// Which rows of a long list are drawn: those that are seen and a few around them. One of them may be open, and taller. Pure.

export interface RowWindow {
  /** Index of the first and after the last that is drawn. */
  readonly start: number;
  readonly end: number;
  /** Room above and below them, in px. */
  readonly before: number;
  readonly after: number;
}

export interface ListState {
  readonly count: number;
  /** Of a row that is not open, in px. */
  readonly rowHeight: number;
  readonly scrollTop: number;
  readonly height: number;
  /** Index of the open row, and how much taller it is; -1 for none. */
  readonly open: number;
  readonly openHeight: number;
}

/** Drawn beyond each edge, so that the next key or turn of a wheel finds something. */
const SPARE = 8;

export function rowWindow({ count, rowHeight, scrollTop, height, open, openHeight }: ListState): RowWindow {
  const extra = open >= 0 && open < count ? openHeight : 0;
  const rowAt = (y: number): number => {
    const openTop = (open + 1) * rowHeight;
    if (extra === 0 || y <= openTop) return Math.floor(y / rowHeight);
    return y <= openTop + extra ? open : Math.floor((y - extra) / rowHeight);
  };
  const clamp = (index: number): number => Math.min(Math.max(index, 0), count);
  const start = clamp(rowAt(scrollTop) - SPARE);
  const end = clamp(rowAt(scrollTop + height) + 1 + SPARE);
  const isAbove = open >= 0 && open < start;
  const isBelow = open >= end;
  return {
    start,
    end,
    before: start * rowHeight + (isAbove ? extra : 0),
    after: (count - end) * rowHeight + (isBelow ? extra : 0),
  };
}
