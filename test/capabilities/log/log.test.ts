import { assert } from 'chai';
import { DEFAULT_RING, log, ringOf } from '../../../src/capabilities/log/log.ts';
import { type LogClock, type LogLine, PluginLogs } from '../../../src/capabilities/log/plugin-logs.ts';
import type { LogRecord } from '../../../src/events.ts';
import { dispose } from '../../../src/util/dispose.ts';
import { throwsCode } from '../../helpers/expect-code.ts';

const LIMITS = { logLines: 3, logLineBytes: 64 };

/** A clock that stands until it is moved. */
function standingClock(): LogClock & { move(ms: number): void; timers: number } {
  let now = 1_000_000;
  const timers = new Map<object, { at: number; run: () => void }>();
  return {
    now: () => now,
    after(ms, run) {
      const key = {};
      timers.set(key, { at: now + ms, run });
      return () => timers.delete(key);
    },
    move(ms) {
      now += ms;
      for (const [key, { at, run }] of [...timers]) {
        if (at > now) continue;
        timers.delete(key);
        run();
      }
    },
    get timers() {
      return timers.size;
    },
  };
}

function newBook(ring = 100) {
  const clock = standingClock();
  const emitted: LogRecord[] = [];
  const book = new PluginLogs({ ring, clock, emit: (record) => emitted.push(record) });
  const write = (text: string, plugin = 'a', line: Partial<LogLine> = {}): void =>
    book.write(plugin, { level: 'info', source: 'plugin', text, ...line }, LIMITS);
  const texts = (plugin = 'a'): string[] => book.records(plugin).map(({ text }) => text);
  return { book, clock, emitted, write, texts };
}

describe('log', () => {
  it('has no functions, and a ring of 500 lines', () => {
    assert.equal(log().functions.size, 0);
    assert.equal(log().ring, 500);
  });

  it('tells the host its ring', () => {
    assert.equal(ringOf([log({ ring: 7 })]), 7);
    assert.equal(ringOf([]), DEFAULT_RING);
  });

  for (const ring of [-1, 1.5, Number.NaN, 100_001]) {
    it(`refuses a ring of ${ring}`, () => throwsCode('OPTION_INVALID', () => log({ ring })));
  }
});

describe('LogBook', () => {
  it('keeps a line with its plugin, time, level and source, and emits it', () => {
    const { book, clock, emitted, write } = newBook();
    write('hello', 'a', { level: 'warn', source: 'stderr' });
    const record = { plugin: 'a', time: clock.now(), level: 'warn', source: 'stderr', text: 'hello' };
    assert.deepEqual(book.records('a'), [record as LogRecord]);
    assert.deepEqual(emitted, book.records('a'));
  });

  it('keeps the newest lines of its ring', () => {
    const { write, texts } = newBook(2);
    for (const text of ['one', 'two', 'three']) write(text);
    assert.deepEqual(texts(), ['two', 'three']);
  });

  it('keeps plugins apart, `__proto__` included', () => {
    const { write, texts } = newBook();
    write('mine', 'a');
    write('yours', '__proto__');
    assert.deepEqual([texts('a'), texts('__proto__'), texts('constructor')], [['mine'], ['yours'], []]);
  });

  it('gives copies', () => {
    const { book, write, texts } = newBook();
    write('one');
    book.records('a').length = 0;
    assert.throws(() => Object.assign(book.records('a')[0] as object, { text: 'forged' }), TypeError);
    assert.deepEqual(texts(), ['one']);
  });

  it('H12: counts a flood, and says in one line how many lines were cut', () => {
    const { clock, emitted, write, texts } = newBook();
    for (let i = 1; i <= 10_000; i++) write(`line ${i}`);
    assert.deepEqual(texts(), ['line 1', 'line 2', 'line 3']);
    clock.move(60_000);
    assert.match(texts()[3] ?? '', /^9997 log lines were cut/);
    assert.include(emitted[3], { level: 'warn', source: 'host' });
    assert.lengthOf(emitted, 4);
    write('next minute');
    assert.equal(texts().at(-1), 'next minute');
  });

  it('H12: a minute begins with its first line', () => {
    const { clock, write, texts } = newBook();
    write('one');
    clock.move(59_000);
    for (const text of ['two', 'three', 'four']) write(text);
    clock.move(1_000);
    write('five');
    assert.deepEqual(
      texts().map((text) => text.slice(0, 14)),
      ['one', 'two', 'three', '1 log line was', 'five'],
    );
  });

  it('H12: a flood of one plugin leaves the minute of another, and the lines of the host, alone', () => {
    const { write, texts } = newBook();
    for (let i = 0; i < 100; i++) write('flood', 'a');
    write('quiet', 'b');
    write('killed', 'a', { source: 'host' });
    assert.deepEqual(texts('b'), ['quiet']);
    assert.equal(texts('a').at(-1), 'killed');
  });

  it('H12: lines of the host are counted as well', () => {
    const { write, texts } = newBook();
    for (let i = 0; i < 100; i++) write('note', 'a', { source: 'host' });
    assert.lengthOf(texts(), 3);
  });

  it('H12: cuts a line of 10 MB to `logLineBytes`', () => {
    const { book, write } = newBook();
    write('x'.repeat(10_000_000));
    const text = book.records('a')[0]?.text ?? '';
    assert.equal(new TextEncoder().encode(text).byteLength, 64);
    assert.isTrue(text.endsWith('…'));
  });

  it('H12: shows ANSI codes, line breaks and bidi marks as escapes, in one record', () => {
    const { write, texts } = newBook();
    write('a\u001b[31m\nforged: line\u202e');
    assert.deepEqual(texts(), ['a\\u001b[31m\\nforged: line\\u202e']);
  });

  it('H12: takes levels and sources from a list', () => {
    const { book, write } = newBook();
    write('x', 'a', { level: 'constructor' as never, source: '__proto__' as never });
    write('y', 'a', { level: { toString: () => 'warn' } as never, text: { length: 1e9 } as never });
    assert.deepEqual(
      book.records('a').map(({ level, source, text }) => [level, source, text]),
      [
        ['info', 'plugin', 'x'],
        ['info', 'plugin', ''],
      ],
    );
  });

  it('lets nothing pass with `logLines: 0`, and says so', () => {
    const { book, clock, texts } = newBook();
    book.write('a', { level: 'info', source: 'plugin', text: 'x' }, { ...LIMITS, logLines: 0 });
    assert.deepEqual(texts(), []);
    clock.move(60_000);
    assert.lengthOf(texts(), 1);
  });

  it('clears lines and keeps the count of the minute', () => {
    const { book, write, texts } = newBook();
    for (const text of ['one', 'two', 'three']) write(text);
    book.clear('a');
    write('four');
    assert.deepEqual(texts(), []);
  });

  it('leaves no timer behind when a plugin is forgotten or the book is closed', () => {
    const { book, clock, write, texts } = newBook();
    for (let i = 0; i < 5; i++) write('a', 'a');
    for (let i = 0; i < 5; i++) write('b', 'b');
    assert.equal(clock.timers, 2);
    book.forget('a');
    assert.deepEqual([clock.timers, texts('a')], [1, []]);
    book[dispose]();
    assert.equal(clock.timers, 0);
    assert.lengthOf(texts('b'), 3);
  });

  it('uses the clock of the system when none is given', () => {
    const book = new PluginLogs({ ring: 1, emit: () => undefined });
    book.write('a', { level: 'info', source: 'plugin', text: 'x' }, LIMITS);
    assert.closeTo(book.records('a')[0]?.time ?? 0, Date.now(), 1_000);
  });
});
