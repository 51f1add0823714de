// Other tabs for tests: frames of the same origin, each with a host of its own.

import type { Tab } from './tab.ts';

/** Opens one, with a host that has this storage, and databases for plugins where that is asked for. */
export function openTab(storage: string, databases?: 'memory' | 'durable'): Promise<Tab> {
  const frame = document.createElement('iframe');
  frame.srcdoc = '<script type="module" src="/test/host/tab.ts"></script>';
  return started(frame, () => document.body.append(frame), storage, databases);
}

/** Loads it anew, as a person does who is told of nothing: its document goes with all that runs in it, and another comes. */
export function reloadTab(tab: Tab, storage: string, databases?: 'memory' | 'durable'): Promise<Tab> {
  return started(tab.frameElement as HTMLIFrameElement, () => tab.location.reload(), storage, databases);
}

async function started(frame: HTMLIFrameElement, load: () => void, ...given: Parameters<Tab['start']>): Promise<Tab> {
  const ready = new Promise((done) => {
    addEventListener('message', function hear({ source }) {
      if (source !== frame.contentWindow) return;
      removeEventListener('message', hear);
      done(undefined);
    });
  });
  load();
  await ready;
  const opened = frame.contentWindow as unknown as Tab;
  await opened.start(...given);
  return opened;
}

/** For `afterEach`. */
export function closeTabs(): void {
  for (const frame of document.querySelectorAll('iframe')) if (frame.srcdoc.includes('tab.ts')) frame.remove();
}
