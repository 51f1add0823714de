// The list of plugins, one row each, drawn anew whenever something about them changes.

import { at } from './elements.js';
import { pluginRow } from './plugin-row.js';

/** Which rows show what their plugin may do. */
const opened = new Set();

/** Ends the listening to the host before. */
let shown = new AbortController();

export function showPlugins(host) {
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  let isDue = false;
  const draw = () => {
    isDue = false;
    if (signal.aborted) return;
    const focused = document.activeElement?.dataset?.key;
    at('plugins').replaceChildren(...host.plugins.map((plugin) => pluginRow(host, plugin, opened)));
    at('none').hidden = host.plugins.length > 0;
    // Whoever uses the keyboard stays where they were.
    if (focused) document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };
  const drawSoon = () => {
    if (!isDue) requestAnimationFrame(draw);
    isDue = true;
  };
  host.addEventListener('pluginchange', drawSoon, { signal });
  draw();
}
