// Hands a file to whoever looks at the page.

/** @param name of the file; of an id, which holds no path */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // The download has begun by then, in every engine.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
