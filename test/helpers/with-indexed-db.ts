// Another `indexedDB` for a while.

/** Runs with another `indexedDB`, as a page has it that may not use storage. */
export async function withIndexedDb<T>(property: PropertyDescriptor, work: () => Promise<T>): Promise<T> {
  // An own property of the window in Chromium, one of the prototype elsewhere.
  const own = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB');
  Object.defineProperty(globalThis, 'indexedDB', { ...property, configurable: true });
  try {
    return await work();
  } finally {
    if (own) Object.defineProperty(globalThis, 'indexedDB', own);
    else Reflect.deleteProperty(globalThis, 'indexedDB');
  }
}
