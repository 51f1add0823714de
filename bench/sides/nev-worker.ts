// The same guest of Nev linked by a few lines of JavaScript, in a worker of an opaque frame: the same messages as Cloche's, with none of
// its checks, limits and deadlines.

import { openFrame } from './opaque-frame.ts';

const WORKER = `
const utf8 = new TextEncoder();
let exports, port, answered;
const bytes = (at, length) => new Uint8Array(exports.memory.buffer, at, length);
const place = (text) => {
  const encoded = utf8.encode(text);
  const at = exports.mem_stack_alloc(encoded.length, 4);
  bytes(at, encoded.length).set(encoded);
  return [at, encoded.length];
};
const text = (at, length) => new TextDecoder().decode(bytes(at, length));
const run = async (name, nameLength, args, argsLength, result) => {
  const asked = new Promise((resolve) => { answered = resolve; });
  port.postMessage({ type: 'ask', value: [text(name, nameLength), text(args, argsLength)] });
  const given = place(await asked);
  new DataView(exports.memory.buffer).setUint32(result, 0, true);
  new Uint32Array(exports.memory.buffer, result + 4, 2).set(given);
};
onmessage = async ({ data, ports }) => {
  [port] = ports;
  const commands = { 'define-command': () => {}, 'run-command': new WebAssembly.Suspending(run) };
  ({ exports } = (await WebAssembly.instantiate(data, { 'nev:plugins/commands': commands })).instance);
  exports.init_plugin();
  const handle = WebAssembly.promising(exports.handle_command);
  port.onmessage = async ({ data: { type, value } }) => {
    if (type === 'answer') return answered(value);
    const mark = exports.mem_stack_save();
    const at = await handle(1, 0, ...place(value));
    const [from, length] = new Uint32Array(exports.memory.buffer, at, 2);
    const answer = text(from, length);
    exports.mem_stack_restore(mark);
    port.postMessage({ type: 'done', value: answer });
  };
  port.postMessage({ type: 'ready' });
};`;

/** Starts a worker from the text that it is sent, and hands it the rest. */
const FRAME = `<script>
  onmessage = ({ data: [text, bytes], ports }) => {
    new Worker(URL.createObjectURL(new Blob([text]))).postMessage(bytes, ports);
  };
</script>`;

export interface NevWorker {
  run(args: string): Promise<string>;
  close(): void;
}

/** @param answer what the page answers to a command that the guest runs */
export async function openNevWorker(
  wasm: Uint8Array,
  answer: (name: string, args: string) => Promise<string>,
): Promise<NevWorker> {
  const frame = await openFrame(FRAME);
  const { port1, port2 } = new MessageChannel();
  let heard: (value: string) => void = () => undefined;
  const ready = new Promise<string>((resolve) => {
    heard = resolve;
  });
  port1.onmessage = async ({ data: { type, value } }: MessageEvent<{ type: string; value: unknown }>) => {
    if (type !== 'ask') return heard(String(value));
    const [name, args] = value as [string, string];
    port1.postMessage({ type: 'answer', value: await answer(name, args) });
  };
  frame.contentWindow?.postMessage([WORKER, wasm], '*', [port2]);
  await ready;
  return {
    run: (args) =>
      new Promise((resolve) => {
        heard = resolve;
        port1.postMessage({ type: 'call', value: args });
      }),
    close() {
      port1.close();
      frame.remove();
    },
  };
}
