// Host functions answered here, from data that the page has leased to the running call. What the guest writes is posted to the
// page at once, as a host call that nobody waits for (`ONE_WAY`), with the answer that the guest got: the page checks and runs
// it like any other, before all that comes after it. Whatever is not certain here goes to the page: a full quota, a lease that
// has run out, an argument of another form.

import { LEASED_WRITE_BYTES, type Lease, readLease } from '../../src/runtime/wire/lease.ts';
import type { FunctionShape, LeasedCalls, Leasing, WireValue } from '../../src/runtime/wire/protocol.ts';
import { byteCount } from '../../src/runtime/wire/wire-values.ts';
import type { PagePort } from '../page-port.ts';
import { formOf, type LeasedForm } from './leased-forms.ts';

export class LeasedData {
  /** By the number of the function. */
  readonly #forms: readonly ((LeasedForm & Pick<Leasing, 'use'>) | undefined)[];
  readonly #page: PagePort;
  #lease: Lease | undefined;
  #until = 0;
  #bytes = 0;
  /** How many calls, and how many bytes of arguments, may still be posted. */
  #callsLeft = 0;
  #bytesLeft = 0;
  #askedAt = 0;
  /** What was answered here and posted to nobody, by the number of its function. */
  #told = new Map<number, LeasedCalls>();

  constructor(functions: readonly FunctionShape[], page: PagePort) {
    this.#forms = functions.map(({ leased }) => leased && { use: leased.use, ...formOf(leased) });
    this.#page = page;
  }

  /** The values of an answer; undefined where the page has to be asked. */
  answer(index: number, args: readonly WireValue[]): readonly WireValue[] | undefined {
    const lease = this.#lease;
    const form = lease && this.#forms[index];
    if (!form || performance.now() >= this.#until) return undefined;
    const asked = form.read(args);
    if (!asked) return undefined;
    const { key, value } = asked;
    const old = lease.values.get(key);
    switch (form.use) {
      case 'get': {
        const got = form.got(old);
        if (got === undefined || byteCount([got]) > lease.terms.mostValueBytes) return undefined;
        return this.#note(index, args, got);
      }
      case 'delete': {
        const answer = form.deleted(old !== undefined);
        if (!old) return this.#note(index, args, answer);
        if (!this.#post(index, args, answer)) return undefined;
        lease.values.delete(key);
        this.#bytes -= bytesOf(key) + old.length;
        return [answer];
      }
      case 'set': {
        const answer = form.set();
        const next = this.#bytesWith(lease, key, old, value);
        if (next === undefined || !this.#post(index, args, answer)) return undefined;
        lease.values.set(key, value);
        this.#bytes = next;
        return [answer];
      }
    }
  }

  /** Before the page is asked: what that does may change what is leased. */
  asks(): void {
    this.#lease = undefined;
    this.#askedAt = performance.now();
  }

  /** @returns the values without the lease that may be behind them */
  heard(values: readonly WireValue[]): readonly WireValue[] {
    const [value = null, lease, calls] = values;
    if (!(lease instanceof Uint8Array) || typeof calls !== 'number') return values;
    this.#lease = readLease(lease);
    const { trustMs, bytes } = this.#lease.terms;
    this.#until = this.#askedAt + trustMs;
    this.#bytes = bytes;
    this.#callsLeft = calls;
    this.#bytesLeft = LEASED_WRITE_BYTES;
    return [value];
  }

  /** At the end of a call. @returns what the page has not heard of yet */
  end(): readonly LeasedCalls[] {
    this.#lease = undefined;
    const told = [...this.#told.values()];
    if (told.length > 0) this.#told = new Map();
    return told;
  }

  /** Undefined where there may be no room for it. */
  #bytesWith(
    { terms, values }: Lease,
    key: string,
    old: Uint8Array | undefined,
    value: Uint8Array,
  ): number | undefined {
    const keyBytes = bytesOf(key);
    if (keyBytes > terms.mostKeyBytes || (!old && values.size >= terms.mostKeys)) return undefined;
    const next = this.#bytes + value.length - (old ? old.length : -keyBytes);
    return next <= terms.mostBytes ? next : undefined;
  }

  /** @returns whether it may be */
  #post(index: number, args: readonly WireValue[], answer: WireValue): boolean {
    const bytes = byteCount(args);
    if (this.#callsLeft < 1 || this.#bytesLeft < bytes) return false;
    this.#callsLeft--;
    this.#bytesLeft -= bytes;
    this.#page.say({ type: 'ONE_WAY', index, args, answer });
    return true;
  }

  #note(index: number, args: readonly WireValue[], answer: WireValue): readonly WireValue[] {
    const { calls = 0, requestBytes = 0, answerBytes = 0 } = this.#told.get(index) ?? {};
    this.#told.set(index, {
      index,
      calls: calls + 1,
      requestBytes: requestBytes + byteCount(args),
      answerBytes: answerBytes + byteCount([answer]),
    });
    return [answer];
  }
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
