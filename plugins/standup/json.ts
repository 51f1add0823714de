// JSON as a tree: read strictly, built and written. AssemblyScript has no exceptions, and its JSON libraries trap at
// text that is none; a request that cannot be read has to end in a 400 instead, so `parse` answers `null`.

import { quoted } from '../shared/extism';

export enum Kind {
  Null,
  Flag,
  Number,
  Text,
  List,
  Fields,
}

export class Json {
  /** Of a list or an object. */
  readonly items: Json[] = [];
  /** Of an object: the names of its items. */
  private names: string[] = [];

  /** @param text - A text decoded, a number or a flag as it is written. */
  constructor(
    readonly kind: Kind,
    readonly text: string = '',
  ) {}

  /** The field of an object, `null` where there is none. Of two with one name the later counts. */
  get(name: string): Json | null {
    const index = this.names.lastIndexOf(name);
    return index < 0 ? null : this.items[index];
  }

  /** A field that holds a text, else `''`. */
  textOf(name: string): string {
    const field = this.get(name);
    return field !== null && field.kind === Kind.Text ? field.text : '';
  }

  /** A field that holds a whole number, else 0. */
  wholeOf(name: string): i64 {
    const field = this.get(name);
    return field !== null && field.kind === Kind.Number ? I64.parseInt(field.text) : 0;
  }

  /** Adds a field to an object. */
  with(name: string, value: Json): Json {
    this.names.push(name);
    this.items.push(value);
    return this;
  }

  toString(): string {
    if (this.kind === Kind.Text) return quoted(this.text);
    if (this.kind === Kind.Null) return 'null';
    if (this.kind !== Kind.List && this.kind !== Kind.Fields) return this.text;
    const parts: string[] = [];
    for (let i = 0; i < this.items.length; i++) {
      const item = this.items[i].toString();
      parts.push(this.kind === Kind.List ? item : `${quoted(this.names[i])}:${item}`);
    }
    return this.kind === Kind.List ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
  }
}

export function fields(): Json {
  return new Json(Kind.Fields);
}

export function list(): Json {
  return new Json(Kind.List);
}

export function text(value: string): Json {
  return new Json(Kind.Text, value);
}

export function whole(value: i64): Json {
  return new Json(Kind.Number, value.toString());
}

/** The value that a text holds, `null` when it is not JSON or nested deeper than 32. */
export function parse(source: string): Json | null {
  const reader = new Reader(source);
  const value = reader.value(0);
  reader.skipSpace();
  return reader.failed || reader.at < source.length ? null : value;
}

const DEEPEST = 32;

class Reader {
  at: i32 = 0;
  failed: bool = false;

  constructor(readonly source: string) {}

  value(depth: i32): Json {
    this.skipSpace();
    if (this.takes('"')) return text(this.string());
    if (this.takes('[')) return this.container(new Json(Kind.List), ']', depth);
    if (this.takes('{')) return this.container(new Json(Kind.Fields), '}', depth);
    if (this.takes('true')) return new Json(Kind.Flag, 'true');
    if (this.takes('false')) return new Json(Kind.Flag, 'false');
    if (this.takes('null')) return new Json(Kind.Null);
    return this.number();
  }

  skipSpace(): void {
    while (isSpace(this.code())) this.at++;
  }

  private container(made: Json, end: string, depth: i32): Json {
    if (depth === DEEPEST) return this.fail();
    this.skipSpace();
    if (this.takes(end)) return made;
    while (!this.failed) {
      const name = made.kind === Kind.Fields ? this.name() : '';
      const item = this.value(depth + 1);
      if (made.kind === Kind.Fields) made.with(name, item);
      else made.items.push(item);
      this.skipSpace();
      if (this.takes(end)) return made;
      if (!this.takes(',')) return this.fail();
    }
    return made;
  }

  private name(): string {
    this.skipSpace();
    if (!this.takes('"')) this.fail();
    const name = this.string();
    this.skipSpace();
    if (!this.takes(':')) this.fail();
    return name;
  }

  /** The rest of a text whose first quote was taken. */
  private string(): string {
    let decoded = '';
    let from = this.at;
    while (true) {
      const code = this.code();
      // Also the end, which reads as 0.
      if (code < 0x20) {
        this.fail();
        return '';
      }
      if (code === QUOTE || code === BACKSLASH) decoded += this.source.slice(from, this.at);
      this.at++;
      if (code === QUOTE) return decoded;
      if (code === BACKSLASH) {
        decoded += this.escaped();
        from = this.at;
      }
    }
  }

  private escaped(): string {
    if (this.takes('u')) return this.hex();
    const index = ESCAPES.indexOf(this.source.charAt(this.at++));
    if (index < 0) this.fail();
    return ESCAPED.charAt(index);
  }

  /** The UTF-16 unit that four hex digits stand for. */
  private hex(): string {
    const end = this.at + 4;
    let unit = 0;
    for (; this.at < end; this.at++) {
      const digit = HEX.indexOf(this.source.charAt(this.at).toLowerCase());
      // An empty text, past the end, is found at 0.
      if (digit < 0 || this.at >= this.source.length) {
        this.fail();
        return '';
      }
      unit = unit * 16 + digit;
    }
    return String.fromCharCode(unit);
  }

  private number(): Json {
    const from = this.at;
    this.takes('-');
    if (!this.takes('0')) this.digits();
    if (this.takes('.')) this.digits();
    if (this.takes('e') || this.takes('E')) {
      if (!this.takes('+')) this.takes('-');
      this.digits();
    }
    return new Json(Kind.Number, this.source.slice(from, this.at));
  }

  private digits(): void {
    const from = this.at;
    while (this.code() >= 0x30 && this.code() <= 0x39) this.at++;
    if (this.at === from) this.fail();
  }

  private code(): i32 {
    return this.at < this.source.length ? this.source.charCodeAt(this.at) : 0;
  }

  private takes(word: string): bool {
    if (!this.source.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private fail(): Json {
    this.failed = true;
    return new Json(Kind.Null);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = '0123456789abcdef';
/** What may follow a backslash, and what it stands for. */
const ESCAPES = '"\\/bfnrt';
const ESCAPED = '"\\/\b\f\n\r\t';

function isSpace(code: i32): bool {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
