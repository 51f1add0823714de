// The queue of questions for optional permissions, and what was answered. Comes with the first.

import type { AskPermission, PermissionAnswer } from '../../permissions/ask.ts';
import { dispose } from '../../util/dispose.ts';
import { Timer } from '../../util/time/timer.ts';
import type { OptionalRequest } from '../settings/effective-settings.ts';

/** Who asks. */
export interface AskingPlugin {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly installation: string;
}

export interface Questions {
  /**
   * Asks, after those that were asked before.
   * @param signal aborted when the call ends
   */
  ask(plugin: AskingPlugin, request: OptionalRequest, signal: AbortSignal): Promise<PermissionAnswer>;
  /** Somebody has decided otherwise: what was answered for an installation does not count any more. */
  forget(installation: string): void;
}

/** From when it is needed to when the answer is no, in ms; its place in the queue included. */
const PATIENCE_MS = 120_000;

const YES: ReadonlySet<unknown> = new Set<PermissionAnswer>(['always', 'session', 'once']);

export class QuestionQueue implements Questions {
  readonly #ask: AskPermission;
  /** What was answered with no, until the page is left: by installation, capability and scope. */
  readonly #refused = new Map<string, Set<string>>();
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(ask: AskPermission) {
    this.#ask = ask;
  }

  async ask(
    plugin: AskingPlugin,
    { shown, accepted }: OptionalRequest,
    signal: AbortSignal,
  ): Promise<PermissionAnswer> {
    const refused = this.#refused.get(plugin.installation) ?? new Set();
    this.#refused.set(plugin.installation, refused);
    const key = JSON.stringify([accepted.capability, accepted.scope]);
    const over = new AbortController();
    const end = (): void => over.abort(signal.reason);
    const timer = new Timer(PATIENCE_MS, () => over.abort(new DOMException('Nobody has answered', 'TimeoutError')));
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    try {
      return await this.#inTurn(over.signal, async () => {
        if (refused.has(key)) return 'no';
        const { id, name, version } = plugin;
        const question = { plugin: { id, name, version }, request: shown };
        const answer = await Promise.race([this.#ask(question, over.signal), aborted(over.signal)]);
        // Late or unknown is a no; of a call that has ended nobody has refused anything.
        const yes = !over.signal.aborted && YES.has(answer) ? (answer as PermissionAnswer) : undefined;
        if (!yes && !signal.aborted) refused.add(key);
        return yes ?? 'no';
      });
    } catch (thrown) {
      // Not asked again: who cannot be asked now cannot be asked a moment later.
      if (!signal.aborted) refused.add(key);
      throw thrown;
    } finally {
      timer[dispose]();
      signal.removeEventListener('abort', end);
    }
  }

  forget(installation: string): void {
    this.#refused.delete(installation);
  }

  /** Whoever is not asked before nobody waits any more is not asked at all. */
  #inTurn(signal: AbortSignal, run: () => Promise<PermissionAnswer>): Promise<PermissionAnswer> {
    const turn = this.#lastTurn.then(() => (signal.aborted ? 'no' : run()));
    // Whoever asked is told of a failure; the next one only waits.
    this.#lastTurn = turn.catch(() => undefined);
    return Promise.race([turn, aborted(signal)]);
  }
}

function aborted(signal: AbortSignal): Promise<'no'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('no');
    else signal.addEventListener('abort', () => resolve('no'), { once: true });
  });
}
