// Durations as Go reads them, `90s`, `1h30m`, `-1.5h`: https://pkg.go.dev/time#ParseDuration

const MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3, // U+00B5
  μs: 1e-3, // U+03BC
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** 2^63 ns, about 292 years. */
const MOST_MS = 2 ** 63 / 1e6;

/** Milliseconds, or what is wrong in Go's words. */
export function parseGoDuration(text: string): { readonly ms: number } | { readonly problem: string } {
  const quoted = JSON.stringify(text);
  const problem = { problem: `time: invalid duration ${quoted}` };
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  let rest = text.slice(sign.length);
  if (rest === '0') return { ms: 0 };
  if (rest === '') return problem;
  let ms = 0;
  while (rest !== '') {
    const [, number, unit = ''] = /^(\d+\.?\d*|\.\d+)([^.\d]*)/.exec(rest) ?? [];
    if (number === undefined) return problem;
    if (unit === '') return { problem: `time: missing unit in duration ${quoted}` };
    const factor = Object.hasOwn(MS, unit) ? MS[unit] : undefined;
    if (factor === undefined) return { problem: `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}` };
    ms += Number(number) * factor;
    rest = rest.slice(number.length + unit.length);
  }
  if (ms >= MOST_MS) return problem;
  return { ms: sign === '-' ? -ms : ms };
}
