// What a plugin has used in the last minute, such as computing time: a call that always ends just under its deadline would
// else keep a core for ever.

const SLOTS = 60;
const SLOT_MS = 1_000;

/** A ring of seconds: adding and summing cost the same however many calls there were. */
export class CpuMeter {
  readonly #slots = new Float64Array(SLOTS);
  #current = 0;
  /** Of all seconds: every call asks for it. Added up anew whenever one is emptied. */
  #sum = 0;

  add(amount: number, now = performance.now()): void {
    this.#turn(now);
    const slot = this.#current % SLOTS;
    this.#slots[slot] = (this.#slots[slot] ?? 0) + amount;
    this.#sum += amount;
  }

  /** All that was added within the last minute. */
  total(now = performance.now()): number {
    this.#turn(now);
    return this.#sum;
  }

  /** Empties the seconds that have passed since the last look. */
  #turn(now: number): void {
    const current = Math.floor(now / SLOT_MS);
    const passed = Math.min(current - this.#current, SLOTS);
    if (passed === 0) return;
    for (let i = 0; i < passed; i++) this.#slots[(current - i) % SLOTS] = 0;
    this.#current = current;
    this.#sum = this.#slots.reduce((sum, amount) => sum + amount, 0);
  }
}
