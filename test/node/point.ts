// Clicking and typing as a person does, in a page and in a plugin's page two frames down.

/// <reference lib="dom" />
import { setTimeout as pause } from 'node:timers/promises';
import type { ElementHandle, Frame } from 'puppeteer-core';

export const PATIENCE_MS = 20_000;

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

/** The middle of an element that has stopped moving, in the window: nobody presses what is still on its way. */
async function steady(frame: Frame, selector: string): Promise<Point> {
  const element = await frame.waitForSelector(selector, { visible: true, timeout: PATIENCE_MS });
  if (!element) throw new Error(`Expected ${selector} to be there`);
  await element.scrollIntoView();
  const end = performance.now() + PATIENCE_MS;
  for (let before: Point | undefined; performance.now() < end; ) {
    const now = await middleOf(frame, element);
    if (now.x === before?.x && now.y === before.y) return now;
    before = now;
    await pause(100);
  }
  throw new Error(`Expected ${selector} to stand still`);
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
