// What no sandbox can be faster than: a worker that only exchanges messages and checks nothing.

import { openFrame } from './opaque-frame.ts';

/**
 * `job` is a generator: what it yields goes to the page, what the page answers comes back, as with a host call. Takes the
 * port to talk over from its first message where `overPort`.
 */
function workerText(job: string, overPort: boolean): string {
  return `
const job = ${job};
const listen = (end) => {
  let going;
  const step = (answer) => {
    const { done, value } = going.next(answer);
    end.postMessage({ type: done ? 'done' : 'ask', value });
  };
  end.onmessage = ({ data: { type, value } }) => {
    if (type === 'call') going = job(value);
    step(type === 'call' ? undefined : value);
  };
};
${overPort ? 'onmessage = ({ ports: [end] }) => listen(end);' : 'listen(self);'}`;
}

/** Starts a worker from the text that it is sent, and hands it the port. */
const FRAME = `<script>
  onmessage = ({ data, ports }) => {
    const worker = new Worker(URL.createObjectURL(new Blob([data])));
    worker.postMessage(null, ports);
  };
</script>`;

type FromWorker = { readonly type: 'done' | 'ask'; readonly value: unknown };
type Answer = (asked: unknown) => unknown;

export interface BareWorker {
  /** One round trip, and one more for each that the job asks. */
  call(input?: unknown): Promise<unknown>;
  close(): void;
}

/** A worker of the page itself: as fast as messages get. */
export function openBareWorker(job: string, answer: Answer = nothing): BareWorker {
  const url = URL.createObjectURL(new Blob([workerText(job, false)], { type: 'text/javascript' }));
  const worker = new Worker(url);
  return {
    call: conversation(worker, answer),
    close() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/** A worker inside of an opaque frame, which Chromium puts into another process; over a port, as in Cloche's cell. */
export async function openFramedWorker(job: string, answer: Answer = nothing): Promise<BareWorker> {
  const frame = await openFrame(FRAME);
  const { port1, port2 } = new MessageChannel();
  frame.contentWindow?.postMessage(workerText(job, true), '*', [port2]);
  return {
    call: conversation(port1, answer),
    close() {
      port1.close();
      frame.remove();
    },
  };
}

const nothing = (): undefined => undefined;

function conversation(end: Worker | MessagePort, answer: Answer): BareWorker['call'] {
  let done: (value: unknown) => void = nothing;
  end.onmessage = ({ data: { type, value } }: MessageEvent<FromWorker>) => {
    if (type === 'done') done(value);
    else end.postMessage({ type: 'answer', value: answer(value) });
  };
  return (value) =>
    new Promise((resolve) => {
      done = resolve;
      end.postMessage({ type: 'call', value });
    });
}
