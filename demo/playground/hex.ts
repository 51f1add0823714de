// Bytes as the rows of a hex dump.

export interface HexRow {
  /** Eight hex digits. */
  readonly offset: string;
  /** Pairs of hex digits, a wider gap in the middle. */
  readonly bytes: string;
  /** Printable ASCII, `.` for the rest. */
  readonly text: string;
}

const PER_ROW = 16;

export function hexRows(bytes: Uint8Array, perRow = PER_ROW): HexRow[] {
  const rows: HexRow[] = [];
  for (let offset = 0; offset < bytes.length; offset += perRow) {
    const row = bytes.subarray(offset, offset + perRow);
    const pairs = Array.from(row, (byte) => byte.toString(16).padStart(2, '0'));
    const half = perRow / 2;
    rows.push({
      offset: offset.toString(16).padStart(8, '0'),
      bytes: [pairs.slice(0, half).join(' '), pairs.slice(half).join(' ')].filter(Boolean).join('  '),
      text: Array.from(row, printable).join(''),
    });
  }
  return rows;
}

function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}
