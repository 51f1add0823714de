// Opens a page in a frame and waits for the one message in which it says how it went.

const PATIENCE_MS = 18_000;

/** @throws {Error} when the page stays silent. */
export async function framedReport<T>(source: { src: string } | { srcdoc: string }, sandbox?: string): Promise<T> {
  const frame = Object.assign(document.createElement('iframe'), source);
  if (sandbox !== undefined) frame.setAttribute('sandbox', sandbox);
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const hear = ({ source: from, data }: MessageEvent<T>): void => {
    if (from === frame.contentWindow) resolve(data);
  };
  const timer = setTimeout(
    () => reject(new Error('Expected a report of the framed page, it stayed silent')),
    PATIENCE_MS,
  );
  addEventListener('message', hear);
  document.body.append(frame);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    removeEventListener('message', hear);
    frame.remove();
  }
}
