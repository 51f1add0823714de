import axe from 'axe-core';
import { assert } from 'chai';

/**
 * Fails with what axe found in this element and the shadow trees below it. Rules for whole pages do not fit a
 * fixture, so they are left out.
 */
export async function assertAccessible(element: Element): Promise<void> {
  await fadedIn();
  const { violations, passes } = await axe.run(element, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
  });
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n  ${node.target.join(' ')}\n  ${node.failureSummary ?? ''}`),
  );
  assert.deepEqual(found, []);
  // An element that rendered nothing would pass everything.
  assert.isNotEmpty(passes, 'axe found nothing to check');
}

/** What is on its way in has less contrast than it will have, and sets out with the frame that follows its being drawn. */
async function fadedIn(): Promise<void> {
  for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
  const ending = animationsIn(document).filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  // One that is cut short has come to its end as well.
  await Promise.allSettled(ending.map(({ finished }) => finished));
}

/** No document tells of those in its shadow trees. */
function animationsIn(root: Document | ShadowRoot): Animation[] {
  const below = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
    shadowRoot ? animationsIn(shadowRoot) : [],
  );
  return [...root.getAnimations(), ...below];
}
