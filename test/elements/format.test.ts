import { assert } from 'chai';
import { codeSpans } from '../../src/elements/code-spans.ts';
import { count, formatBytes, formatMs, formatTimeUse, formatUse } from '../../src/elements/format.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('format', () => {
  it('writes bytes with the unit that keeps them short', () => {
    const written = [0, 1, 1023, 1024, 1536, 10 << 20, 13_002_342, 64 << 20, 3 * 2 ** 30].map(formatBytes).map(plain);
    assert.deepEqual(written, [
      '0 bytes',
      '1 byte',
      '1023 bytes',
      '1 KiB',
      '1.5 KiB',
      '10 MiB',
      '12.4 MiB',
      '64 MiB',
      '3 GiB',
    ]);
  });

  it('writes a use of bytes in the unit of its limit, unless nothing would be left of it', () => {
    const mib = 1 << 20;
    assert.equal(plain(formatUse(13_002_342, 64 * mib)), '12.4 of 64 MiB');
    assert.equal(plain(formatUse(0, 64 * mib)), '0 of 64 MiB');
    assert.equal(plain(formatUse(36, 16 * mib)), '36 bytes of 16 MiB');
    assert.equal(plain(formatUse(64 * mib, 64 * mib)), '64 of 64 MiB');
    assert.equal(plain(formatUse(3, 8)), '3 of 8 bytes');
  });

  it('writes times with at most three digits', () => {
    const written = [0.04, 4.23, 9.96, 141.6, 999.4, 999.6, 1_340, 59_949, 60_000, 125_000].map(formatMs).map(plain);
    assert.deepEqual(written, [
      '0 ms',
      '4.2 ms',
      '10 ms',
      '142 ms',
      '999 ms',
      '1 s',
      '1.3 s',
      '59.9 s',
      '1 min',
      '2 min 5 s',
    ]);
  });

  it('writes a deadline and what is gone of it', () => {
    assert.equal(plain(formatTimeUse(4.2, 5_000)), '4.2 ms of 5 s');
    assert.equal(plain(formatTimeUse(1_240, 5_000)), '1.2 of 5 s');
    assert.equal(plain(formatTimeUse(603, 600)), '603 of 600 ms');
  });

  it('counts in singular and plural', () => {
    assert.deepEqual(
      [0, 1, 2].map((n) => count(n, 'call')),
      ['0 calls', '1 call', '2 calls'],
    );
  });

  it('takes an odd number of backticks as text', () => {
    assert.isArray(codeSpans('Export `a` of plugin `b`'));
    assert.isNotArray(codeSpans('Export `a`` of'));
  });
});
