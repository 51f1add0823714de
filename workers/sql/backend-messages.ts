// What a statement is sent as, and how the answer is read: the protocol of PostgreSQL, version 3, as far as it is used here.
// https://www.postgresql.org/docs/18/protocol-message-formats.html

import type { Column, DatabaseFailure, SessionState, StatementResult } from '../../src/runtime/wire/sql/messages.ts';

/** One statement with its parameters, all of it as text, up to the end of its answer. */
export function statementMessages(sql: string, params: readonly (string | null)[]): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writer.message('P', () => writer.text('').text(sql).int16(0));
  writer.message('B', () => {
    writer.text('').text('').int16(0).int16(params.length);
    for (const param of params) writer.value(param);
    writer.int16(0);
  });
  writer.message('D', () => writer.bytes(new Uint8Array([P])).text(''));
  writer.message('E', () => writer.text('').int32(0));
  writer.message('S', () => undefined);
  return writer.written();
}

const P = 'P'.charCodeAt(0);

class Writer {
  #bytes = new Uint8Array(1_024);
  #length = 0;

  message(type: string, content: () => unknown): void {
    this.bytes(new Uint8Array([type.charCodeAt(0)]));
    const start = this.#length;
    this.int32(0);
    content();
    new DataView(this.#bytes.buffer).setInt32(start, this.#length - start);
  }

  /** Up to its first zero, which ends it. */
  text(text: string): this {
    return this.bytes(new TextEncoder().encode(`${text}\0`));
  }

  value(value: string | null): void {
    if (value === null) {
      this.int32(-1);
      return;
    }
    const bytes = new TextEncoder().encode(value);
    this.int32(bytes.length).bytes(bytes);
  }

  int16(value: number): this {
    return this.bytes(new Uint8Array([value >> 8, value]));
  }

  int32(value: number): this {
    return this.bytes(new Uint8Array([value >> 24, value >> 16, value >> 8, value]));
  }

  bytes(bytes: Uint8Array): this {
    const needed = this.#length + bytes.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(needed * 2);
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = needed;
    return this;
  }

  written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}

/** @throws {Error} where the answer does not come to its end */
export function readAnswer(bytes: Uint8Array): { readonly result: StatementResult } | { failure: DatabaseFailure } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const columns: Column[] = [];
  const rows: (string | null)[][] = [];
  let [tag, state, at] = ['', undefined as SessionState | undefined, 0];
  let failure: Omit<DatabaseFailure, 'state'> | undefined;
  while (at + 5 <= bytes.length) {
    const type = String.fromCharCode(bytes[at] ?? 0);
    const end = at + 1 + view.getInt32(at + 1);
    if (end > bytes.length) break;
    const reader = new Reader(view, at + 5);
    if (type === 'T') columns.push(...columnsOf(reader));
    if (type === 'D') rows.push(rowOf(reader));
    if (type === 'C') tag = reader.text();
    // The first says what is wrong.
    if (type === 'E') failure ??= failureOf(reader);
    if (type === 'Z') state = reader.character() as SessionState;
    at = end;
  }
  if (state === undefined) throw new Error('the database has not answered');
  return failure ? { failure: { ...failure, state } } : { result: { columns, rows, tag, state } };
}

class Reader {
  readonly #view: DataView<ArrayBufferLike>;
  #at: number;

  constructor(view: DataView<ArrayBufferLike>, at: number) {
    this.#view = view;
    this.#at = at;
  }

  character(): string {
    return String.fromCharCode(this.#view.getUint8(this.#at++));
  }

  int16(): number {
    this.#at += 2;
    return this.#view.getInt16(this.#at - 2);
  }

  uint32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4);
  }

  int32(): number {
    return this.uint32() | 0;
  }

  text(): string {
    let end = this.#at;
    while (this.#view.getUint8(end) !== 0) end++;
    const text = this.of(end - this.#at);
    this.#at++;
    return text;
  }

  of(length: number): string {
    const bytes = new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at, length);
    this.#at += length;
    return new TextDecoder().decode(bytes);
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }
}

function columnsOf(reader: Reader): Column[] {
  return Array.from({ length: reader.int16() }, () => {
    const name = reader.text();
    // Of the table and the place in it.
    reader.skip(6);
    const type = reader.uint32();
    // Size, modifier and form.
    reader.skip(8);
    return { name, type };
  });
}

function rowOf(reader: Reader): (string | null)[] {
  return Array.from({ length: reader.int16() }, () => {
    const length = reader.int32();
    return length < 0 ? null : reader.of(length);
  });
}

function failureOf(reader: Reader): Omit<DatabaseFailure, 'state'> {
  const fields = new Map<string, string>();
  for (let key = reader.character(); key !== '\0'; key = reader.character()) fields.set(key, reader.text());
  const [detail, hint] = [fields.get('D'), fields.get('H')];
  return {
    severity: fields.get('V') ?? fields.get('S') ?? 'ERROR',
    code: fields.get('C') ?? 'XX000',
    message: fields.get('M') ?? 'unknown error',
    ...(detail !== undefined && { detail }),
    ...(hint !== undefined && { hint }),
  };
}
