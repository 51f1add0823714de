// The script of the outer frame: fits the inner one into it, and takes it out when it tries to leave its page.

import type { FollowScheme, Navigated } from './page-protocol.ts';

const nonce = document.currentScript?.dataset.nonce ?? '';
let loads = 0;

addEventListener('DOMContentLoaded', () => {
  const inner = document.querySelector('iframe');
  // By script, since the policy of the host, which is inherited, may forbid styles in the markup.
  document.body.style.cssText = 'margin: 0; overflow: hidden';
  if (inner) inner.style.cssText = 'display: block; border: 0; width: 100vw; height: 100vh';
});

// An engine lets a page be seen through only where it has the scheme of each frame that it is in. Which one, is left to the
// engine: WebKit does not pass the scheme of an element on to the frame in it, and the page would have another one.
addEventListener('message', ({ source, data }: MessageEvent<FollowScheme | null>) => {
  if (source !== parent || data?.type !== 'CLOCHE_SCHEME') return;
  document.documentElement.style.colorScheme = data.follows ? 'light dark' : 'light';
});

// Firefox stops the attempt and loads nothing: it only tells of the violation. All engines do.
document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
  if (effectiveDirective === 'frame-src') left();
});

// What the policy allows is still another page: about:blank, the same one again, `document.open()`. `load` does not
// bubble, it can only be caught on its way down.
document.addEventListener(
  'load',
  ({ target }) => {
    if (target instanceof HTMLIFrameElement && ++loads > 1) left();
  },
  true,
);

function left(): void {
  const inner = document.querySelector('iframe');
  if (!inner) return;
  inner.remove();
  parent.postMessage({ type: 'CLOCHE_NAVIGATED', nonce } satisfies Navigated, '*');
}
