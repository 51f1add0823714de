// Clicking and typing as a person does, in a page and in a plugin's page two frames down.

/// <reference lib="dom" />
import { setTimeout as pause } from 'node:timers/promises';
import type { ElementHandle, Frame } from 'puppeteer-core';

export const PATIENCE_MS = 20_000;

/** How often a page is looked at, in ms. Puppeteer's own waiting looks through all shadow trees at each frame, which takes a core. */
export const LOOK_MS = 100;

interface Point {
  readonly x: number;
  readonly y: number;
}

export async function clickIn(frame: Frame, selector: string, count = 1): Promise<void> {
  const { x, y } = await steady(frame, selector);
  await frame.page().mouse.click(x, y, { count });
}

/** Fills in a field by typing. */
export async function typeIn(frame: Frame, selector: string, text: string): Promise<void> {
  await clickIn(frame, selector, 3);
  await frame.page().keyboard.type(text);
}

/** Fills in a field at once, as a browser does that remembers what was in it. */
export async function fillIn(frame: Frame, selector: string, text: string): Promise<void> {
  const field = await shownIn(frame, selector);
  await field.evaluate((input, value) => {
    (input as HTMLInputElement).value = value;
    input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  }, text);
}

/** The element, once it is seen. */
export async function shownIn(frame: Frame, selector: string): Promise<ElementHandle<Element>> {
  let cause: unknown;
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await pause(LOOK_MS)) {
    try {
      const element = await frame.$(selector);
      if (element && (await element.isVisible())) return element;
      await element?.dispose();
    } catch (thrown) {
      // A document that goes is looked at again when the next is there.
      cause = thrown;
    }
  }
  throw new Error(`Expected ${selector} to be shown`, { cause });
}

/** Waits until no such element is seen any more. */
export async function goneFrom(frame: Frame, selector: string): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await pause(LOOK_MS)) {
    const element = await frame.$(selector);
    if (!element || (await element.isHidden())) return;
    await element.dispose();
  }
  throw new Error(`Expected ${selector} to go`);
}

/** The middle of an element that has stopped moving, in the window: nobody presses what is still on its way, or under a toast. */
async function steady(frame: Frame, selector: string): Promise<Point> {
  const element = await shownIn(frame, selector);
  await element.scrollIntoView();
  const end = performance.now() + PATIENCE_MS;
  for (let before: Point | undefined; performance.now() < end; ) {
    const now = await middleOf(frame, element);
    if (now.x === before?.x && now.y === before.y && !(await isCovered(frame, now))) return now;
    before = now;
    await pause(LOOK_MS);
  }
  throw new Error(`Expected ${selector} to stand still, with nothing of the app over it`);
}

/** Whether the app has something over a plugin's page there. */
function isCovered(frame: Frame, { x, y }: Point): Promise<boolean> {
  const main = frame.page().mainFrame();
  if (frame === main) return Promise.resolve(false);
  return main.evaluate(
    (left, top) => {
      let found = document.elementFromPoint(left, top);
      while (found?.shadowRoot) {
        const inner = found.shadowRoot.elementFromPoint(left, top);
        // A tree in which nothing is hit gives its host again.
        if (!inner || inner === found) break;
        found = inner;
      }
      return found?.localName !== 'iframe';
    },
    x,
    y,
  );
}

/**
 * Puppeteer asks the outer frame of a plugin's page where the inner one is. Now and then it misses that Chromium has moved
 * the outer one to a process of its own, and nobody answers; but the inner one fills it from corner to corner.
 */
async function middleOf(frame: Frame, element: ElementHandle<Element>): Promise<Point> {
  const own = await element.evaluate((shown) => {
    const { x, y, width, height } = shown.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
  const main = frame.page().mainFrame();
  if (frame === main) return own;
  const corners = await main.$$eval(':scope >>> iframe', (frames) =>
    frames
      .filter((outer) => outer.checkVisibility() && outer.clientHeight > 1)
      .map((outer) => outer.getBoundingClientRect())
      .map(({ x, y }) => ({ x, y })),
  );
  const [corner] = corners;
  if (!corner || corners.length > 1) throw new Error(`Expected one plugin's page to be shown, got ${corners.length}`);
  return { x: own.x + corner.x, y: own.y + corner.y };
}
