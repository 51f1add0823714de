// Places in a text. Lines and columns count from 0, columns in bytes of UTF-8.

export interface Cursor {
  readonly line: number;
  readonly column: number;
}

export interface Selection {
  readonly first: Cursor;
  readonly last: Cursor;
}
