// Links and forms of the page. Followed by the browser they would leave the frame, which is its end.

import type { HostChannel } from './host-channel.ts';
import type { VirtualHistory } from './virtual-history.ts';

export function installAnchors(virtualHistory: VirtualHistory, channel: HostChannel): void {
  const follow = (anchor: Anchor): boolean => {
    const href = anchor.getAttribute('href') ?? anchor.getAttributeNS('http://www.w3.org/1999/xlink', 'href');
    if (href === null || /^\s*javascript:/i.test(href)) return false;
    if (anchor.hasAttribute('download')) channel.note('A download was refused: frames of plugins have none');
    else virtualHistory.navigate(href);
    return true;
  };
  // After every listener of the page that is not on the window, since those may keep the click to themselves.
  addEventListener('click', (event) => {
    if (event.defaultPrevented) return;
    const anchor = event.composedPath().find(isAnchor);
    if (anchor && follow(anchor)) event.preventDefault();
  });
  // An anchor that is in no document is clicked past the window.
  const click = HTMLElement.prototype.click;
  HTMLElement.prototype.click = function (this: HTMLElement) {
    if (this.isConnected || !isAnchor(this) || !follow(this)) click.call(this);
  };

  const refuse = (): void => channel.note('A form was not sent: its page has to do that with fetch()');
  addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || (form instanceof HTMLFormElement && form.method === 'dialog')) return;
    event.preventDefault();
    refuse();
  });
  HTMLFormElement.prototype.submit = refuse;
}

type Anchor = HTMLAnchorElement | HTMLAreaElement | SVGAElement;

function isAnchor(target: EventTarget): target is Anchor {
  return target instanceof HTMLAnchorElement || target instanceof HTMLAreaElement || target instanceof SVGAElement;
}
