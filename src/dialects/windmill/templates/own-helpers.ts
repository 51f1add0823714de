// The helpers that Windmill adds: docs/contracts/windmill.md. One that fails prints a dash.

import type { Helper } from './helpers.ts';
import { sanitizedHtml } from './sanitized-html.ts';
import { RawText } from './values.ts';

const FAILED = new RawText('-');
const MOST_U64 = 2n ** 64n - 1n;
const I64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n } as const;

/** Of a number as text: reading more would take a while. */
const MOST_DIGITS = 400;

/** One for all: a stack for each would take longer than all else. */
const helperFailed = new Error('A helper has failed');

export const OWN_HELPERS: ReadonlyMap<string, Helper> = new Map(
  Object.entries<Helper>({
    sanitize_html: orDash(([html], { step }) => {
      const text = typeof html === 'string' ? html : '';
      step(text.length);
      return new RawText(sanitizedHtml(text));
    }),
    format_u64: orDash(([value]) => new RawText(unsigned(value).toLocaleString('en-US'))),
    format_percentage: orDash(([value]) => new RawText(float(value).toFixed(2))),
    // Both want a zone that they are never given, or a clock that plugins need not have.
    format_date: () => FAILED,
    datetime: () => FAILED,
    let: orDash((args, { isConstant, name }) => {
      const [key, value] = args;
      if (typeof key !== 'string' || !isConstant(0) || args.length < 2) throw helperFailed;
      name(key, value);
      return undefined;
    }),
    expr: orDash((args, { step }) => {
      if (args.length < 1) throw helperFailed;
      const [value] = args;
      if (typeof value === 'string') return new RawText(value);
      return value === null || value === undefined ? FAILED : new RawText(jsonOf(value, step));
    }),
    inc: orDash(([value]) => {
      if (typeof value !== 'number') throw helperFailed;
      return new RawText(String(unsigned(value) + 1n));
    }),
    to_json: (args, { step }) => {
      if (args.length < 1) throw new Error('to_json requires an argument');
      return new RawText(jsonOf(args[0] ?? null, step));
    },
    parse_i64: orDash(([value]) => Number(integer(value))),
    divide: orDash(([value, by]) => {
      const divisor = float(by);
      if (divisor === 0) throw helperFailed;
      return float(value) / divisor;
    }),
    multiply: orDash(([value, by]) => float(value) * float(by)),
    sum: orDash((args) => {
      const sum = args.reduce<bigint>((before, value) => before + unsigned(value), 0n);
      if (sum > MOST_U64) throw helperFailed;
      return new RawText(String(sum));
    }),
  }),
);

function orDash(helper: Helper): Helper {
  return (args, call) => {
    try {
      return helper(args, call);
    } catch (thrown) {
      if (thrown === helperFailed) return FAILED;
      throw thrown;
    }
  };
}

function jsonOf(value: unknown, step: (characters: number) => void): string {
  const text = JSON.stringify(value);
  step(text.length);
  return text;
}

function unsigned(value: unknown): bigint {
  const number = whole(value, /^\+?\d{1,20}$/);
  if (number < 0n || number > MOST_U64) throw helperFailed;
  return number;
}

function integer(value: unknown): bigint {
  if (typeof value !== 'string') throw helperFailed;
  const number = whole(value, /^[+-]?\d{1,20}$/);
  if (number < I64.least || number > I64.most) throw helperFailed;
  return number;
}

function whole(value: unknown, digits: RegExp): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value !== 'string' || !digits.test(value)) throw helperFailed;
  return BigInt(value.replace(/^\+/, ''));
}

function float(value: unknown): number {
  const isNumber = typeof value === 'string' && value.length <= MOST_DIGITS && /^[+-]?(?:\d|\.\d)/.test(value);
  const number = isNumber ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) throw helperFailed;
  return number;
}
