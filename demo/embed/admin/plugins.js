// The list of plugins, a row each. A row is made anew only when it has something else to say: what is replaced while
// somebody clicks on it hears no click.

import { at } from './elements.js';
import { isOn, pluginRow, unreadableRow } from './plugin-row.js';

/** Ids of the plugins whose permissions are shown. */
const opened = new Set();
/** Ends the listening to the host before. */
let shown = new AbortController();

export function showPlugins(host) {
  shown.abort();
  shown = new AbortController();
  const rows = new Map();
  const draw = () => {
    const focused = document.activeElement?.dataset?.key;
    const current = [
      ...host.plugins.map((plugin) => rowOf(rows, plugin, host)),
      ...host.unreadable.map((broken) => unreadableRowOf(rows, broken, host)),
    ];
    if (
      current.some((row, index) => at('plugins').children[index] !== row) ||
      at('plugins').children.length > current.length
    ) {
      at('plugins').replaceChildren(...current);
      // Whoever uses the keyboard stays where they were.
      if (focused) document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
    at('none').hidden = current.length > 0;
  };
  host.addEventListener('pluginchange', draw, { signal: shown.signal });
  draw();
}

function rowOf(rows, plugin, host) {
  const { name, version, description, author } = plugin.manifest;
  const words = [
    name,
    version,
    description,
    author,
    isOn(plugin),
    plugin.requests(),
    [...plugin.needsServer],
    plugin.pending,
  ];
  const said = JSON.stringify(words);
  const known = rows.get(plugin.id);
  if (known?.said !== said) rows.set(plugin.id, { said, row: pluginRow(host, plugin, opened) });
  const { row } = rows.get(plugin.id);
  row.querySelector('cloche-state').state = plugin.state;
  return row;
}

function unreadableRowOf(rows, broken, host) {
  const said = broken.error.message;
  if (rows.get(broken.id)?.said !== said) rows.set(broken.id, { said, row: unreadableRow(host, broken) });
  return rows.get(broken.id).row;
}
