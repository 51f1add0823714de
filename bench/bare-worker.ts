// What no sandbox can be faster than: a worker that only exchanges messages and checks nothing.

/** `once`: the worker asks the page for one answer before it gives its own, as a guest with a host call does. */
const CONVERSATION = `({ data }) => {
  if (data.type === 'none' || data.type === 'answer') end.postMessage({ type: 'done' });
  else end.postMessage({ type: 'ask', values: [40n, 2n] });
}`;

/** Talks over the worker itself. */
const DIRECT = `const end = self; onmessage = ${CONVERSATION};`;
/** Takes a port first, and talks over that. */
const OVER_PORT = `onmessage = ({ ports: [end] }) => { end.onmessage = ${CONVERSATION}; };`;

/** Starts a worker from the text that it is sent, and hands it the port. */
const FRAME = `<script>
  onmessage = ({ data, ports }) => {
    const worker = new Worker(URL.createObjectURL(new Blob([data])));
    worker.postMessage(null, ports);
  };
</script>`;

type FromWorker = { readonly type: 'done' } | { readonly type: 'ask'; readonly values: readonly [bigint, bigint] };
type Add = (a: bigint, b: bigint) => bigint;

export interface BareWorker {
  /** One round trip, or with `once` two, and the work of the host function. */
  call(type: 'none' | 'once'): Promise<void>;
  close(): void;
}

/** A worker of the page itself: as fast as messages get. */
export function openBareWorker(add: Add): BareWorker {
  const url = URL.createObjectURL(new Blob([DIRECT], { type: 'text/javascript' }));
  const worker = new Worker(url);
  return {
    call: conversation(worker, add),
    close() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/** A worker inside of an opaque frame, which Chromium puts into another process; over a port, as in Cloche. */
export async function openFramedWorker(add: Add): Promise<BareWorker> {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.srcdoc = FRAME;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  const { port1, port2 } = new MessageChannel();
  frame.contentWindow?.postMessage(OVER_PORT, '*', [port2]);
  return {
    call: conversation(port1, add),
    close() {
      port1.close();
      frame.remove();
    },
  };
}

function conversation(end: Worker | MessagePort, add: Add): BareWorker['call'] {
  let done = (): void => undefined;
  end.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.type === 'done') done();
    else end.postMessage({ type: 'answer', value: add(...data.values) });
  };
  return (type) =>
    new Promise((resolve) => {
      done = resolve;
      end.postMessage({ type });
    });
}
