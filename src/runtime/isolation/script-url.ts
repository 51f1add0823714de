/**
 * A script as a `data:` URL. Its length is paid for at each start, so only what has a meaning in a URL is escaped. The name
 * keeps all of it out of each line of a stack.
 */
export function scriptUrl(source: string): string {
  const text = `${source}\n//# sourceURL=cloche-worker.js`;
  return `data:text/javascript;charset=utf-8,${text.replace(/[%#\r\n\t]/g, encodeURIComponent)}`;
}
