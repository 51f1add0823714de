// Measures whether cells have a process apart from the page's, which no engine says. A process has one thread for all of its
// frames: while a cell computes, the page can do something only where they are two.

/** `unknown`: nobody has measured it yet, or the cell was gone before it told. */
export type ProcessKind = 'own' | 'shared' | 'unknown';

/** Has a cell compute for so many ms, and say on the port when it begins and when it ends. */
export type Spin = (ms: number, port: MessagePort) => void;

const SPIN_MS = 4;
/** Tasks of the page meanwhile that prove it: alone in its process it has hundreds, else none or two. */
const ENOUGH = 10;
/** A page that was busy itself looks as if the cell had stopped it. */
const ROUNDS = 5;
const BETWEEN_MS = 20;
const SILENCE_MS = 1_000;

let measuring: Promise<ProcessKind> | undefined;
let measured: ProcessKind = 'unknown';

/** What is known of the cells of this page. */
export function knownProcess(): ProcessKind {
  return measured;
}

/** Measures it by one cell, unless that was done before: it is the same for all in a page. */
export async function processOfCells(spin: Spin): Promise<ProcessKind> {
  measuring ??= measure(spin);
  measured = await measuring;
  if (measured === 'unknown') measuring = undefined;
  return measured;
}

async function measure(spin: Spin): Promise<ProcessKind> {
  for (let round = 0; round < ROUNDS; round++) {
    const tasks = await tasksDuring(spin);
    if (tasks === undefined) return 'unknown';
    if (tasks >= ENOUGH) return 'own';
    await new Promise((wake) => setTimeout(wake, BETWEEN_MS));
  }
  return 'shared';
}

/** Tasks that the page has run between the two messages; undefined where they did not come. */
function tasksDuring(spin: Spin): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const cell = new MessageChannel();
  const page = new MessageChannel();
  let tasks = -1;
  const next = (): void => {
    tasks++;
    page.port2.postMessage(0);
  };
  page.port1.onmessage = next;
  // The first says that it begins, the second that it has ended.
  cell.port1.onmessage = () => (tasks < 0 ? next() : resolve(tasks));
  const silence = setTimeout(resolve, SILENCE_MS, undefined);
  spin(SPIN_MS, cell.port2);
  return promise.finally(() => {
    clearTimeout(silence);
    for (const port of [cell.port1, page.port1, page.port2]) port.close();
  });
}
