// The frames that plugins live in, as the page has them.

/** Frames of plugins, by kind. */
export function frames(): string[] {
  const found = [...document.querySelectorAll<HTMLIFrameElement>('iframe[title="Cloche"]')];
  return found.map((frame) => (frame.hasAttribute('sandbox') ? 'cell' : 'compartment')).sort();
}
