// Counts what this page has open: frames, blob URLs, channels, timers, locks and listeners. Workers are the host's to count.

type Timer = ReturnType<typeof setTimeout>;

/** How many of each are open. What another realm owns, such as the cell's blob URL, goes with its frame. */
export interface OpenResources {
  readonly frames: number;
  readonly urls: number;
  /** Message channels of which no end was closed here, and broadcast channels. */
  readonly channels: number;
  readonly timers: number;
  /** Held or waited for, by name of ours. */
  readonly locks: number;
  /** On the window, the document and their like. */
  readonly listeners: number;
}

const urls = new Set<string>();
const channels = new Set<object>();
const timers = new Set<Timer>();
const listeners = new Set<string>();
const ids = new WeakMap<object, number>();
const undo: (() => void)[] = [];

/** Counts from here on, until the tests of the file are over. Timers of the test runner itself are its own. */
export function countOpenResources(): void {
  before(() => {
    countUrls();
    countChannels();
    countTimers();
    countListeners();
  });
  after(() => {
    for (const put of undo.splice(0)) put();
  });
}

export async function openResources(): Promise<OpenResources> {
  const { held = [], pending = [] } = await navigator.locks.query();
  return {
    frames: document.querySelectorAll('iframe').length,
    urls: urls.size,
    channels: channels.size,
    timers: timers.size,
    locks: [...held, ...pending].filter(({ name }) => name?.startsWith('cloche')).length,
    listeners: listeners.size,
  };
}

function replace<T extends object, K extends keyof T>(owner: T, name: K, make: (native: T[K]) => T[K]): void {
  const native = owner[name];
  owner[name] = make(native);
  undo.push(() => {
    owner[name] = native;
  });
}

function countUrls(): void {
  replace(URL, 'createObjectURL', (native) => (object) => {
    const url = native.call(URL, object);
    urls.add(url);
    return url;
  });
  replace(URL, 'revokeObjectURL', (native) => (url) => {
    urls.delete(url);
    native.call(URL, url);
  });
}

function countChannels(): void {
  const channelOf = new WeakMap<MessagePort, MessageChannel>();
  replace(globalThis, 'MessageChannel', (Native) => {
    return class extends Native {
      constructor() {
        super();
        channels.add(this);
        for (const port of [this.port1, this.port2]) channelOf.set(port, this);
      }
    };
  });
  replace(MessagePort.prototype, 'close', (native) => {
    return function close(this: MessagePort) {
      const channel = channelOf.get(this);
      if (channel) channels.delete(channel);
      native.call(this);
    };
  });
  replace(globalThis, 'BroadcastChannel', (Native) => {
    return class extends Native {
      constructor(name: string) {
        super(name);
        channels.add(this);
      }
      override close(): void {
        channels.delete(this);
        super.close();
      }
    };
  });
}

function countTimers(): void {
  replace(globalThis, 'setTimeout', (native) => {
    const counted = (run: () => void, ms?: number): Timer => {
      const timer = native(() => {
        timers.delete(timer);
        run();
      }, ms);
      timers.add(timer);
      return timer;
    };
    return counted as typeof setTimeout;
  });
  replace(globalThis, 'setInterval', (native) => {
    const counted = (run: () => void, ms?: number): Timer => {
      const timer = native(run, ms);
      timers.add(timer);
      return timer;
    };
    return counted as typeof setInterval;
  });
  for (const name of ['clearTimeout', 'clearInterval'] as const) {
    replace(globalThis, name, (native) => (timer) => {
      timers.delete(timer as Timer);
      native(timer);
    });
  }
}

/** Those that outlive what added them: of frames, ports and elements the listeners go with them. */
function countListeners(): void {
  const lasting = (target: EventTarget): boolean =>
    target === window || target === document || target === document.head || target === navigator.serviceWorker;
  const keyOf = (target: EventTarget, type: string, listener: object, options: unknown): string => {
    const capture = typeof options === 'object' ? Boolean((options as AddEventListenerOptions)?.capture) : options;
    return [idOf(target), type, idOf(listener), Boolean(capture)].join(' ');
  };
  replace(EventTarget.prototype, 'addEventListener', (native) => {
    return function addEventListener(this: EventTarget, type, listener, options) {
      native.call(this, type, listener, options);
      const target = this ?? window;
      if (!listener || !lasting(target)) return;
      const key = keyOf(target, type, listener, options);
      const { signal, once } = typeof options === 'object' ? options : {};
      if (signal?.aborted) return;
      listeners.add(key);
      const gone = (): void => void listeners.delete(key);
      if (signal) native.call(signal, 'abort', gone, { once: true });
      if (once) native.call(target, type, gone, { once: true });
    };
  });
  replace(EventTarget.prototype, 'removeEventListener', (native) => {
    return function removeEventListener(this: EventTarget, type, listener, options) {
      native.call(this, type, listener, options);
      if (listener) listeners.delete(keyOf(this ?? window, type, listener, options));
    };
  });
}

let lastId = 0;
function idOf(object: object): number {
  const id = ids.get(object) ?? ++lastId;
  ids.set(object, id);
  return id;
}
