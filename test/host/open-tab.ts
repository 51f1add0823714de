// Other tabs for tests: frames of the same origin, each with a host of its own.

import type { Tab } from './tab.ts';

/** Opens one, with a host that has this storage, and databases for plugins where that is asked for. */
export async function openTab(storage: string, databases?: 'memory' | 'durable'): Promise<Tab> {
  const frame = document.createElement('iframe');
  frame.srcdoc = '<script type="module" src="/test/host/tab.ts"></script>';
  const ready = new Promise((done) => {
    addEventListener('message', function hear({ source }) {
      if (source !== frame.contentWindow) return;
      removeEventListener('message', hear);
      done(undefined);
    });
  });
  document.body.append(frame);
  await ready;
  const opened = frame.contentWindow as unknown as Tab;
  await opened.start(storage, databases);
  return opened;
}

/** For `afterEach`. */
export function closeTabs(): void {
  for (const frame of document.querySelectorAll('iframe')) if (frame.srcdoc.includes('tab.ts')) frame.remove();
}
