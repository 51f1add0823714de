// Bytes as a data URL: the only kind of URL that a page in a frame may load.

/** @param type such as `image/png` or `text/css; charset=utf-8` */
export function dataUrl(content: string | Uint8Array, type: string): Promise<string> {
  // A view may lie on shared memory, of which no blob is made.
  const part = typeof content === 'string' ? content : content.slice();
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([part], { type: type.replaceAll(' ', '') }));
  });
}
