// What the app itself is about. Changing an item tells the plugins that want to hear of it.

import { at, button, element } from './elements.js';

const items = [
  { id: 7, workspace_key: 'ORC', workspace_item_number: 7, title: 'Prune the pear trees', status_name: 'To do' },
  {
    id: 9,
    workspace_key: 'ORC',
    workspace_item_number: 9,
    title: 'Order crates for the harvest',
    status_name: 'To do',
  },
  { id: 12, workspace_key: 'ORC', workspace_item_number: 12, title: 'Mend the east fence', status_name: 'To do' },
];

/** @param currentHost the host at the time of asking */
export function showItems(currentHost) {
  at('items').replaceChildren(...items.map((item) => row(item, currentHost)));
}

function row(item, currentHost) {
  const isDone = item.status_name === 'Done';
  const toggle = button(isDone ? 'Open again' : 'Mark as done', async () => {
    item.status_name = isDone ? 'To do' : 'Done';
    showItems(currentHost);
    at('items').querySelector(`[data-item="${item.id}"]`).focus();
    await tell(currentHost(), item);
  });
  toggle.dataset.item = item.id;
  toggle.setAttribute('aria-label', `${toggle.textContent}: ${item.title}`);
  return element('li', { className: isDone ? 'done' : '' }, element('span', { textContent: item.title }), toggle);
}

async function tell(host, item) {
  const deliveries = await host.emit('item.updated', { item });
  at('delivered').textContent =
    deliveries.length === 0
      ? 'No plugin wants to hear of it.'
      : deliveries.map(({ plugin, ok, error }) => `${plugin}: ${ok ? 'heard it' : error.message}`).join(' · ');
}
