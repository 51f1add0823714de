// Whether anything in the admin page is wider than the window.

/** Places of the admin page, and what is seen there. */
export const PLACES = [
  ['#plugins', 'Installed plugins'],
  ['#plugin/long', 'What it may do'],
  ['#activity', 'Containing'],
  ['#activity/long', 'From'],
  ['#trouble', 'Safe mode'],
  ['#plugin/standup/standup', 'This page is by the plugin'],
] as const;

/** Evaluated in the page: installs a plugin with words that nobody can break, and settings. */
export const INSTALL_LONG = `document.querySelector('cloche-admin').host.install({
  wasm: new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
  manifest: {
    cloche: 1,
    id: 'long',
    name: 'x'.repeat(190),
    version: '1'.repeat(60),
    author: 'x'.repeat(190),
    permissions: { http: { allow: ['x'.repeat(60) + '.' + 'y'.repeat(60) + '.example'], reason: 'x'.repeat(300) } },
    configSchema: { type: 'object', properties: { ['x'.repeat(90)]: { type: 'string' }, key: { type: 'string', writeOnly: true } } },
  },
}).then(() => undefined)`;

/** Evaluated in the page: what of it is beyond an edge of the window, or has to be scrolled to sideways, and is cut off by nothing. */
export const BEYOND = `(() => {
  const found = [];
  const width = document.documentElement.clientWidth;
  const isCut = (element) => {
    for (let at = element.assignedSlot ?? element.parentNode; at; at = at.assignedSlot ?? at.parentNode ?? at.host) {
      if (at instanceof Element && getComputedStyle(at).overflowX !== 'visible') return true;
    }
    return false;
  };
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      if (!element.checkVisibility()) continue;
      const { left, right } = element.getBoundingClientRect();
      const isBeyond = (left < -1 || right > width + 1) && !isCut(element);
      const scrolls = ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && !element.matches('textarea');
      if (isBeyond || (scrolls && element.scrollWidth > element.clientWidth + 1)) {
        found.push(element.localName + '.' + element.className + ' ' + left + ' ' + right);
      }
    }
  };
  look(document);
  if (document.documentElement.scrollWidth > width) found.push('the page');
  return found;
})()`;
