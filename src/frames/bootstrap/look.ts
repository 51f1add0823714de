// Tells the host whether this page was written for the look of its app, so that the app may be seen behind it, and the
// colours of text that has nothing of the page behind it.

import { MOST_TEXT_COLORS, type PageLook } from '../page-protocol.ts';
import type { HostChannel } from './host-channel.ts';

/** Elements that are looked at, from the beginning of the page. */
const MOST_ELEMENTS = 1_000;
/** A look costs the page the computing of its styles, so it is a small share of its time. */
const LEAST_PAUSE_MS = 50;
const PAUSES_PER_LOOK = 20;

const TOKEN = /var\(\s*(--(?:ds|cloche)-[\w-]+)/g;

export function installLook(channel: HostChannel): void {
  let isDue = false;
  let pause = LEAST_PAUSE_MS;
  let told = '';
  const look = (): void => {
    isDue = false;
    // Without a size it is not shown, and what is not shown has no look.
    if (innerWidth === 0) return;
    const began = performance.now();
    const seen = lookOf(document);
    pause = Math.max(LEAST_PAUSE_MS, PAUSES_PER_LOOK * (performance.now() - began));
    const text = JSON.stringify(seen);
    if (text === told) return;
    told = text;
    channel.post({ type: 'LOOK', ...seen });
  };
  const lookSoon = (): void => {
    if (!isDue) setTimeout(look, pause);
    isDue = true;
  };
  for (const type of ['DOMContentLoaded', 'load', 'resize', 'transitionend'])
    addEventListener(type, lookSoon, { capture: true });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', lookSoon);
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(lookSoon).observe(document, everything);
}

function lookOf(page: Document): PageLook {
  const roots: (Document | ShadowRoot)[] = [page];
  const elements: Element[] = [];
  for (const root of roots) {
    for (const element of root.querySelectorAll('*')) {
      if (elements.push(element) >= MOST_ELEMENTS) break;
      if (element.shadowRoot) roots.push(element.shadowRoot);
    }
  }
  return { usesToken: roots.some(usesToken), hasScheme: declaresScheme(page), text: textColors(elements) };
}

function declaresScheme(page: Document): boolean {
  const meta = page.querySelector<HTMLMetaElement>('meta[name="color-scheme" i]')?.content ?? '';
  return [meta, getComputedStyle(page.documentElement).colorScheme].some(
    (scheme) => !/^\s*(?:normal)?\s*$/i.test(scheme),
  );
}

/** A token counts where it has a value: what stands in its place otherwise is not the app's. */
function usesToken(root: Document | ShadowRoot): boolean {
  for (const element of root.querySelectorAll('[style*="var("]'))
    if (hasToken(element, element.getAttribute('style') ?? '')) return true;
  return [...root.styleSheets, ...root.adoptedStyleSheets].some((sheet) => ruleUsesToken(root, sheet.cssRules));
}

function ruleUsesToken(root: Document | ShadowRoot, rules: CSSRuleList): boolean {
  for (const rule of rules) {
    if (rule instanceof CSSMediaRule && !matchMedia(rule.conditionText).matches) continue;
    if (rule instanceof CSSImportRule && rule.styleSheet && ruleUsesToken(root, rule.styleSheet.cssRules)) return true;
    if (rule instanceof CSSStyleRule) {
      const element = root.querySelector(rule.selectorText);
      if (element && hasToken(element, rule.style.cssText)) return true;
    }
    if ('cssRules' in rule && ruleUsesToken(root, rule.cssRules as CSSRuleList)) return true;
  }
  return false;
}

function hasToken(element: Element, css: string): boolean {
  const computed = getComputedStyle(element);
  return [...css.matchAll(TOKEN)].some(([, name = '']) => computed.getPropertyValue(name).trim() !== '');
}

function textColors(elements: readonly Element[]): string[] {
  const colors = new Set<string>();
  for (const element of elements) {
    if (colors.size === MOST_TEXT_COLORS) break;
    const hasText = [...element.childNodes].some((node) => node instanceof Text && node.data.trim() !== '');
    if (hasText && element.checkVisibility() && isBare(element)) colors.add(getComputedStyle(element).color);
  }
  return [...colors];
}

/** Whether nothing of the page itself is behind it. */
function isBare(element: Element): boolean {
  for (let at: Element | null = element; at; at = at.assignedSlot ?? at.parentElement ?? hostOf(at)) {
    const { backgroundColor, backgroundImage } = getComputedStyle(at);
    // A colour that is told without an alpha is opaque.
    if (backgroundImage !== 'none' || !/\/|rgba/.test(backgroundColor)) return false;
  }
  return true;
}

function hostOf(element: Element): Element | null {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}
