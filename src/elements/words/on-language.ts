// Tells of another `lang` anywhere in a document: one observer for all elements, which is there while one of them is.

interface Watch {
  readonly observer: MutationObserver;
  readonly listeners: Set<() => void>;
}

const watches = new WeakMap<Document, Watch>();

/** @returns how to end that */
export function onLanguage(document: Document, listener: () => void): () => void {
  const watch = watches.get(document) ?? watching(document);
  watch.listeners.add(listener);
  return () => {
    watch.listeners.delete(listener);
    if (watch.listeners.size > 0) return;
    watch.observer.disconnect();
    watches.delete(document);
  };
}

function watching(document: Document): Watch {
  const listeners = new Set<() => void>();
  const observer = new MutationObserver(() => {
    for (const listener of listeners) listener();
  });
  observer.observe(document, { subtree: true, attributes: true, attributeFilter: ['lang'] });
  const watch = { observer, listeners };
  watches.set(document, watch);
  return watch;
}
