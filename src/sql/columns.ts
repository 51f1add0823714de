// Rows as JSON text, by the types of their columns. Numbers that JavaScript has no room for keep all their digits.
// Numbers of types: https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/catalog/pg_type.dat

import { ClocheError } from '../errors.ts';
import { arrayItems } from './array-text.ts';
import type { SqlRows } from './sql-driver.ts';

/** JSON of a value that is there. */
type Write = (text: string) => string;

const quoted: Write = (text) => JSON.stringify(text);

const boolean: Write = (text) => {
  if (text === 't' || text === 'f') return text === 't' ? 'true' : 'false';
  throw unreadable('a boolean');
};

const integer: Write = (text) => {
  if (/^-?\d{1,20}$/.test(text)) return text;
  throw unreadable('an integer');
};

/** Those that JSON has no number for are text. */
const float: Write = (text) => {
  if (/^(?:NaN|-?Infinity)$/.test(text)) return quoted(text);
  if (/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(text)) return text;
  throw unreadable('a number');
};

/** As it came, so that its digits stay. */
const json: Write = (text) => {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw unreadable('JSON', cause);
  }
  return text;
};

/** ISO 8601: a `T` before the time, and whole offsets. A plugin may have chosen another form, which stays as it is. */
const timestamp: Write = (text) =>
  quoted(text.replace(/^(\d{4,}-\d\d-\d\d) (\d\d:\d\d)/, '$1T$2').replace(/([+-]\d\d)$/, '$1:00'));

const TYPES: readonly (readonly [oid: number, array: number, write: Write])[] = [
  [16, 1000, boolean],
  [20, 1016, integer],
  [21, 1005, integer],
  [23, 1007, integer],
  [26, 1028, integer],
  [700, 1021, float],
  [701, 1022, float],
  [114, 199, json],
  [3802, 3807, json],
  [1114, 1115, timestamp],
  [1184, 1185, timestamp],
  // As text, which loses no digit: numeric, money, dates, times, intervals.
  [1700, 1231, quoted],
  [790, 791, quoted],
  [1082, 1182, quoted],
  [1083, 1183, quoted],
  [1266, 1270, quoted],
  [1186, 1187, quoted],
  // Texts, bytes (as `\x` and hexadecimal digits), UUIDs, addresses, bits.
  [25, 1009, quoted],
  [1043, 1015, quoted],
  [1042, 1014, quoted],
  [18, 1002, quoted],
  [19, 1003, quoted],
  [17, 1001, quoted],
  [2950, 2951, quoted],
  [869, 1041, quoted],
  [650, 651, quoted],
  [829, 1040, quoted],
  [1560, 1561, quoted],
  [1562, 1563, quoted],
];

const WRITERS: ReadonlyMap<number, Write> = new Map(
  TYPES.flatMap(([oid, array, write]): [number, Write][] => [
    [oid, write],
    [array, (text) => arrayJson(text, write)],
  ]),
);

/**
 * A list of objects by the names of columns, of which the last of a name counts. Names are there for each row, and may be all there is
 * to a row: so it can be a hundred times what the database has sent.
 * @param mostLength of the JSON
 * @throws {ClocheError} PROTOCOL_VIOLATION for what is not of the type that the database names, OUTPUT_TOO_LARGE
 */
export function rowsJson({ columns, rows }: SqlRows, mostLength: number): string {
  const keys = columns.map(({ name }) => JSON.stringify(name));
  const writers = columns.map(({ type }) => WRITERS.get(type) ?? quoted);
  const last = new Map(keys.map((key, index) => [key, index]));
  let length = 2;
  const objects = rows.map((row) => {
    const members = [...last].map(([key, index]) => {
      const value = row[index] ?? null;
      return `${key}:${value === null ? 'null' : writers[index]?.(value)}`;
    });
    const object = `{${members.join(',')}}`;
    length += object.length + 1;
    if (length > mostLength)
      throw new ClocheError(
        'OUTPUT_TOO_LARGE',
        `The rows are larger than ${mostLength} bytes, with the names of their columns`,
      );
    return object;
  });
  return `[${objects.join(',')}]`;
}

function arrayJson(text: string, write: Write): string {
  const items = arrayItems(text);
  if (items === undefined) throw unreadable('an array');
  const written = (item: (typeof items)[number]): string => {
    if (item === null) return 'null';
    return typeof item === 'string' ? write(item) : `[${item.map(written).join(',')}]`;
  };
  return `[${items.map(written).join(',')}]`;
}

function unreadable(what: string, cause?: unknown): ClocheError {
  return new ClocheError('PROTOCOL_VIOLATION', `The database sent what is not ${what} in a column of that type`, {
    cause,
  });
}
