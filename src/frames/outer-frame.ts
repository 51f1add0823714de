// The script of the outer frame: fits the inner one into it, and takes it out when it loads a second time. By then it
// has left its page, or was about to.

import type { Navigated } from './protocol.ts';

const nonce = document.currentScript?.dataset.nonce ?? '';
let loads = 0;

addEventListener('DOMContentLoaded', () => {
  const inner = document.querySelector('iframe');
  // By script, since the policy of the host, which is inherited, may forbid styles in the markup.
  document.body.style.cssText = 'margin: 0; overflow: hidden';
  if (inner) inner.style.cssText = 'display: block; border: 0; width: 100vw; height: 100vh';
});

// `load` does not bubble, it can only be caught on its way down.
document.addEventListener(
  'load',
  ({ target }) => {
    if (!(target instanceof HTMLIFrameElement) || ++loads === 1) return;
    target.remove();
    parent.postMessage({ type: 'CLOCHE_NAVIGATED', nonce } satisfies Navigated, '*');
  },
  true,
);
