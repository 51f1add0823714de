import assert from 'node:assert/strict';
import { it } from 'node:test';
import { LeaseCredit } from '../../../src/runtime/wire/lease-credit.ts';

const LEASED = { ok: true, values: [1n, new Uint8Array(3)] } as const;

/** What a lease allows; undefined where there is none. */
function granted(credit: LeaseCredit): number | undefined {
  const answer = credit.grant(LEASED);
  assert.ok(answer.ok);
  assert.equal(answer.values[0], 1n);
  return answer.values[2] as number | undefined;
}

it('H21: lends nothing before a lease, and no more than that allows', () => {
  const credit = new LeaseCredit();
  assert.equal(credit.takeCall(), undefined);
  const calls = granted(credit) ?? 0;
  assert.ok(calls >= 100);
  for (let i = 0; i < calls; i++) assert.notEqual(credit.takeCall(), undefined);
  assert.equal(credit.takeCall(), undefined);
});

it('H21: lends nothing beside an answer without a lease, and nothing once the worker has asked the page', () => {
  const credit = new LeaseCredit();
  assert.deepEqual(credit.grant({ ok: true, values: [1n] }), { ok: true, values: [1n] });
  assert.equal(credit.takeCall(), undefined);
  granted(credit);
  credit.end();
  assert.equal(credit.takeCall(), undefined);
});

it('H21: counts bytes as well', () => {
  const credit = new LeaseCredit();
  granted(credit);
  const most = credit.takeCall() ?? 0;
  credit.takeBytes(most - 1);
  assert.equal(credit.takeCall(), 1);
});

it('H11: leases nothing to a worker that has posted much of late, until some time has passed', (t) => {
  let now = performance.now();
  t.mock.method(performance, 'now', () => now);
  const credit = new LeaseCredit();
  let posted = 0;
  for (let leases = 0; leases < 1_000; leases++) {
    const calls = granted(credit);
    if (calls === undefined) break;
    assert.ok(calls >= 100, 'a lease for a few is not worth its bytes');
    for (let i = 0; i < calls; i++) credit.takeCall();
    posted += calls;
  }
  assert.ok(posted <= 2_000, `${posted} in one moment`);
  now += 1_000;
  assert.notEqual(granted(credit), undefined);
});
