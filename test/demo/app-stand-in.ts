// The playground with an example that answers and one that loops, on a real host, and what is read of it.

import { html } from 'lit';
import '../../demo/playground/app/app.ts';
import type { PlaygroundApp } from '../../demo/playground/app/app.ts';
import { Session } from '../../demo/playground/session.ts';
import { makeHost } from '../helpers/hosts.ts';
import { find, renderElement, settled, textOf } from '../helpers/render.ts';
import { ECHO, exampleOf, loopOf } from './plugins.ts';

export async function app(): Promise<{ element: PlaygroundApp; session: Session }> {
  const session = new Session(await makeHost());
  await session.load(() => Promise.all([ECHO, loopOf(600)].map(exampleOf)));
  await session.showFirst();
  const element = await renderElement<PlaygroundApp>(html`<playground-app .session=${session}></playground-app>`);
  element.style.setProperty('--cloche-motion', '0s');
  await settled(document.body);
  return { element, session };
}

/** What the playground sets on its page, which is all its own. */
export function forgetTheme(): void {
  document.documentElement.style.removeProperty('color-scheme');
}

export const resultOf = (element: PlaygroundApp): string =>
  textOf(find(element, 'playground-workbench', 'playground-result'));
export const headOf = (element: PlaygroundApp): string => textOf(find(element, 'playground-plugin-head'));

export function drop(files: readonly File[]): void {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  for (const type of ['dragover', 'drop']) {
    window.dispatchEvent(new DragEvent(type, { dataTransfer: data, cancelable: true, bubbles: true }));
  }
}
