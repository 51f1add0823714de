// `localStorage`, `sessionStorage` and `document.cookie` throw in an opaque origin, and many pages read them first thing.
// What stands in forgets all when the frame goes.
// https://html.spec.whatwg.org/multipage/webstorage.html#dom-localstorage

/** Of one storage, in UTF-16 units, as browsers have it. */
const MOST_LENGTH = 5 << 20;

export function installStorage(): void {
  for (const name of ['localStorage', 'sessionStorage'] as const) {
    const storage = createStorage();
    Object.defineProperty(window, name, { get: () => storage, configurable: true, enumerable: true });
  }
  Object.defineProperty(document, 'cookie', { get: () => '', set: () => undefined, configurable: true });
}

function createStorage(): Storage {
  const items = new Map<string, string>();
  let length = 0;
  const remove = (key: string): void => {
    const value = items.get(key);
    if (value !== undefined) length -= key.length + value.length;
    items.delete(key);
  };
  const methods = {
    getItem: (key: string) => items.get(String(key)) ?? null,
    setItem(key: string, value: string) {
      const [name, text] = [String(key), String(value)];
      const old = items.get(name);
      const more = name.length + text.length - (old === undefined ? 0 : name.length + old.length);
      if (length + more > MOST_LENGTH) throw new DOMException('The storage is full', 'QuotaExceededError');
      length += more;
      items.set(name, text);
    },
    removeItem: (key: string) => remove(String(key)),
    clear() {
      items.clear();
      length = 0;
    },
    key: (index: number) => [...items.keys()][index] ?? null,
    get length() {
      return items.size;
    },
  };
  // Items are properties too: `localStorage.theme = 'dark'`.
  return new Proxy(methods, {
    get: (target, key, receiver) =>
      typeof key === 'symbol' || key in target ? Reflect.get(target, key, receiver) : items.get(key),
    set(target, key, value) {
      if (typeof key === 'symbol' || key in target) return false;
      methods.setItem(key, value);
      return true;
    },
    has: (target, key) => key in target || (typeof key === 'string' && items.has(key)),
    deleteProperty(_, key) {
      if (typeof key === 'string') remove(key);
      return true;
    },
    ownKeys: () => [...items.keys()],
    getOwnPropertyDescriptor: (_, key) =>
      typeof key === 'string' && items.has(key)
        ? { value: items.get(key), writable: true, enumerable: true, configurable: true }
        : undefined,
  }) as Storage;
}
