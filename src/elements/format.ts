// Numbers as people read them, the same in every element.

import { decimalsOf, GAP, sizeFor } from './size-units.ts';

/** `512 bytes`, `1.5 KiB`, `64 MiB`. */
export function formatBytes(bytes: number): string {
  const size = sizeFor(bytes);
  if (!size) return bytes === 1 ? `1${GAP}byte` : `${bytes}${GAP}bytes`;
  return `${threeDigits(bytes / size.bytes)}${GAP}${size.unit}`;
}

/** `12.4 of 64 MiB`; with two units where one would read as nothing: `36 bytes of 16 MiB`. */
export function formatUse(used: number, cap: number): string {
  const size = sizeFor(cap);
  if (!size) return `${used} of ${formatBytes(cap)}`;
  const inUnit = used / size.bytes;
  if (used > 0 && inUnit < 0.1) return `${formatBytes(used)} of ${formatBytes(cap)}`;
  return `${threeDigits(inUnit)} of ${formatBytes(cap)}`;
}

/** `0.3 ms`, `4.2 ms`, `142 ms`, `1.3 s`, `2 min 5 s`. */
export function formatMs(ms: number): string {
  if (ms < 9.95) return `${fixed(ms, 1)}${GAP}ms`;
  if (ms < 999.5) return `${Math.round(ms)}${GAP}ms`;
  if (ms < 59_950) return `${fixed(ms / 1_000, 1)}${GAP}s`;
  const seconds = Math.round(ms / 1_000);
  return seconds % 60 === 0
    ? `${seconds / 60}${GAP}min`
    : `${Math.floor(seconds / 60)}${GAP}min ${seconds % 60}${GAP}s`;
}

/** `1.2 of 5 s`, `0.8 ms of 5 s`: how much of a deadline is gone. */
export function formatTimeUse(usedMs: number, capMs: number): string {
  if (capMs < 1_000) return `${formatMs(usedMs).replace(/\sms$/, '')} of ${formatMs(capMs)}`;
  if (usedMs < 100) return `${formatMs(usedMs)} of ${wholeSeconds(capMs)}`;
  return `${fixed(usedMs / 1_000, 1)} of ${wholeSeconds(capMs)}`;
}

/** `1 host call`, `3 host calls`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** Time of day with milliseconds, `14:03:27.081`. */
export function formatClock(time: number): string {
  return CLOCK.format(time);
}

function wholeSeconds(ms: number): string {
  return `${fixed(ms / 1_000, 1)}${GAP}s`;
}

function threeDigits(value: number): string {
  return fixed(value, decimalsOf(value));
}

/** Fixed digits without trailing zeros: `64`, `12.4`. */
function fixed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
