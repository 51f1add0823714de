// Measures whether cells have a process apart from the page's, which no engine says. A process has one thread for all of its
// frames: while a cell computes, the page can do something only where they are two. Comes late: few pages ask.

/** `unknown`: nobody has measured it, or the cell was gone before it told. */
export type ProcessKind = 'own' | 'shared' | 'unknown';

/** Has a cell compute for so many ms, and say on the port then from when to when it did, by `Date.now()`. */
export type Spin = (ms: number, port: MessagePort) => void;

export interface Spun {
  readonly from: number;
  readonly to: number;
}

const SPIN_MS = 15;
/** How long the page has tasks meanwhile, in ms: longer, since the cell may begin late. */
const TICK_MS = 45;
/** Clocks of two processes tell whole milliseconds, and not quite the same. */
const MARGIN_MS = 3;
/** Milliseconds within the spin in which the page did something. Alone in its process it has one in each, else none at all. */
const ENOUGH = 3;
/** A page that was busy itself looks as if the cell had stopped it. */
const ROUNDS = 3;
const BETWEEN_MS = 20;
const SILENCE_MS = 1_000;

export async function measure(spin: Spin): Promise<ProcessKind> {
  for (let round = 0; round < ROUNDS; round++) {
    const shared = await busyAtOnce(spin);
    if (shared === undefined) return 'unknown';
    if (shared >= ENOUGH) return 'own';
    await new Promise((wake) => setTimeout(wake, BETWEEN_MS));
  }
  return 'shared';
}

/** In how many milliseconds cell and page both did something; undefined where the cell said nothing. */
async function busyAtOnce(spin: Spin): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<Spun | undefined>();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<Spun>) => resolve(data);
  const silence = setTimeout(resolve, SILENCE_MS, undefined);
  const ticks = tick();
  spin(SPIN_MS, port2);
  const spun = await promise;
  clearTimeout(silence);
  port1.close();
  const { from, to } = spun ?? { from: 0, to: 0 };
  return spun && [...(await ticks)].filter((at) => at > from + MARGIN_MS && at < to - MARGIN_MS).length;
}

/** One task after the other for a while. @returns the milliseconds in which there was one */
function tick(): Promise<Set<number>> {
  const { promise, resolve } = Promise.withResolvers<Set<number>>();
  const { port1, port2 } = new MessageChannel();
  const times = new Set<number>();
  const end = Date.now() + TICK_MS;
  port1.onmessage = () => {
    const now = Date.now();
    times.add(now);
    if (now < end) return port2.postMessage(0);
    port1.close();
    resolve(times);
  };
  port2.postMessage(0);
  return promise;
}
