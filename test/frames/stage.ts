// A plugin's page on stage: a package made of texts, a plugin that answers, and what the page says in return.

import type { ClocheError } from '../../src/errors.ts';
import { type FrameOptions, openFrame, type PluginFrame } from '../../src/frames/plugin-frame.ts';

/** Files of a package: text, or bytes. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface Stage {
  readonly frame: PluginFrame;
  /** Messages that the page posted to its parent, in order. */
  readonly messages: unknown[];
  /** Requests that reached the plugin, as `GET /api/plugins/demo/status`. */
  readonly requests: string[];
  readonly warnings: string[];
  readonly failures: ClocheError[];
  /** The next message with this `type`, or one that has come already. */
  message<T = Record<string, unknown>>(type: string): Promise<T>;
  /** How the frame ends. */
  failure(): Promise<ClocheError>;
}

const PATIENCE_MS = 12_000;
const open: PluginFrame[] = [];

/** Ends what the tests of a file have opened; call it in `afterEach`. */
export function clearStage(): void {
  for (const frame of open.splice(0)) frame.close();
}

/** Keeps a frame that is one of several tests from `clearStage`; `close` it when they are over. */
export function keepStage({ frame }: Stage): void {
  open.splice(open.indexOf(frame), 1);
}

/** Opens the page `index.html` of a package in the document of the test. */
export async function stage(
  files: Files,
  options: Partial<FrameOptions> = {},
  parent: Element | ShadowRoot = document.body,
): Promise<Stage> {
  const messages: unknown[] = [];
  const requests: string[] = [];
  const warnings: string[] = [];
  const failures: ClocheError[] = [];
  const changed = new EventTarget();
  const add = <T>(list: T[], item: T): void => {
    list.push(item);
    changed.dispatchEvent(new Event('change'));
  };
  const until = <T>(what: string, find: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        changed.removeEventListener('change', look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        changed.removeEventListener('change', look);
        const seen = JSON.stringify({ messages, requests, warnings, failures: failures.map(String) });
        reject(new Error(`Expected ${what}, got ${seen.slice(0, 2_000)}`));
      }, PATIENCE_MS);
      changed.addEventListener('change', look);
      look();
    });
  const answer = options.fetch ?? (async () => new Response('{}', { headers: { 'Content-Type': 'application/json' } }));
  const frame = await openFrame(parent, {
    plugin: 'demo',
    title: 'demo plugin',
    page: 'index.html',
    assets: Object.keys(files),
    asset: async (path) => bytesOf(files[path]),
    receive: (message) => add(messages, message),
    failed: (error) => add(failures, error),
    warn: (text) => add(warnings, text),
    ...options,
    fetch: (request) => {
      add(requests, `${request.method} ${request.url.slice(location.origin.length)}`);
      return answer(request);
    },
  });
  open.push(frame);
  return {
    frame,
    messages,
    requests,
    warnings,
    failures,
    message: <T>(type: string) =>
      until(`a message ${type}`, () => messages.find((message) => (message as { type?: unknown }).type === type) as T),
    failure: () => until('the frame to end', () => failures[0]),
  };
}

/** A page with one classic script, in which `say(type, value)` posts to the parent. */
export function page(script: string, body = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Demo</title></head><body>${body}<script>
    const say = (type, value) => window.parent.postMessage({ type, value }, '*');
    ${script}</script></body></html>`;
}

/**
 * A page whose script has the `port` and the functions `send` and `request` to speak on it. `MessagePort.prototype`
 * is what the bootstrap calls: a message of its own shows the page the port.
 */
export function hijack(script: string): string {
  return page(`const post = MessagePort.prototype.postMessage;
    const taken = new Promise((resolve) => {
      MessagePort.prototype.postMessage = function (...all) { resolve(this); return post.apply(this, all); };
    });
    say('hello');
    taken.then(async (port) => {
      MessagePort.prototype.postMessage = post;
      const send = (message, transfer) => port.postMessage(message, transfer ?? []);
      const request = (fields) =>
        send({ type: 'REQUEST', id: 900, method: 'GET', headers: [], body: null, inline: false, ...fields });
      ${script}
    });`);
}

function bytesOf(content: string | Uint8Array | undefined): Uint8Array | undefined {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}
