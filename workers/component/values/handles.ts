// Resources of a guest that an app holds: it has numbers for them, as long as the instance lives.

import { ClocheError } from '../../../src/errors.ts';
import type { WitType } from '../world/wit-types.ts';

type HandleType = Extract<WitType, { readonly kind: 'own' | 'borrow' }>;

/** At once. An app that holds as many forgets to give them back. */
const MOST = 1_000;

export class Handles {
  readonly #held = new Map<number, unknown>();
  #last = 0;

  /** @throws {ClocheError} QUOTA_EXCEEDED */
  handle(resource: unknown): { handle: number } {
    if (this.#held.size === MOST) {
      throw new ClocheError('QUOTA_EXCEEDED', `the plugin gave more than ${MOST} resources that were not given back`);
    }
    this.#last += 1;
    this.#held.set(this.#last, resource);
    return { handle: this.#last };
  }

  /** What a handle stands for; one that is handed over is gone. @throws {ClocheError} EXPORT_INVALID */
  resource({ kind }: HandleType, value: unknown, place: string): unknown {
    const number = (value as { handle?: unknown } | null | undefined)?.handle;
    const resource = typeof number === 'number' ? this.#held.get(number) : undefined;
    if (resource === undefined) {
      throw new ClocheError(
        'EXPORT_INVALID',
        `expected ${place} to be the handle of a resource that this instance gave`,
      );
    }
    if (kind === 'own') this.#held.delete(number as number);
    return resource;
  }
}
