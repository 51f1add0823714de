// Addresses of scripts that are there as text.

/**
 * A script as a `data:` URL. Its length is paid for at each start, so only what has a meaning in a URL is escaped. The name
 * keeps all of it out of each line of a stack.
 */
export function scriptUrl(source: string): string {
  const text = `${source}\n//# sourceURL=cloche-worker.js`;
  return `data:text/javascript;charset=utf-8,${text.replace(/[%#\r\n\t]/g, encodeURIComponent)}`;
}

/** A script as a `blob:` URL, which stands until it is revoked or its realm ends. */
export function blobUrl(source: string): string {
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
}

/** Makes the URL of a text once: texts are long, and many workers run the same. */
export function keptUrls(make: (source: string) => string): {
  of(source: string): string;
  readonly all: Iterable<string>;
} {
  const urls = new Map<string, string>();
  return {
    of(source) {
      const url = urls.get(source) ?? make(source);
      urls.set(source, url);
      return url;
    },
    get all() {
      return urls.values();
    },
  };
}
