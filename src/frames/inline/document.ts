// The elements of a page, with what they refer to put into them. What is in no package is left as it is: the policy
// blocks it, and the page hears of that as of any failed load.

import { trustedScript, trustedScriptUrl } from '../../sandbox/trusted-types.ts';
import { replaceSrcset, SOURCE_ATTRIBUTE, SRCSET_ELEMENTS, URL_ATTRIBUTES } from '../references.ts';
import type { ReadyFiles } from './ready-files.ts';

/** Hints that need the network, some of which no policy covers, and what a data URL has no use for. */
const DROPPED_LINKS =
  /^(?:dns-prefetch|preconnect|prefetch|preload|modulepreload|prerender|manifest|.*icon.*|alternate)$/i;
/** A refresh would leave the frame, and a policy of the page would block what is put into it. */
const DROPPED_META = /^(?:refresh|content-security-policy)$/i;
const CLASSIC_TYPE = /^(?:|(?:text|application)\/(?:java|ecma|x-java)script)$/i;

/** Work between two pauses, in ms, so that the host's page stays responsive (H11). */
const BUSY_MS = 12;

/** @param url what the page's relative URLs are resolved against */
export async function readyElements(root: ParentNode, url: string, files: ReadyFiles): Promise<void> {
  let since = performance.now();
  for (const element of root.querySelectorAll<HTMLElement | SVGElement>('*')) {
    await readyElement(element, url, files);
    if (performance.now() - since > BUSY_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
    if (element instanceof HTMLTemplateElement) await readyElements(element.content, url, files);
  }
}

async function readyElement(element: Element, url: string, files: ReadyFiles): Promise<void> {
  switch (element.localName) {
    case 'script':
      await readyScriptElement(element, url, files);
      break;
    case 'link':
      await readyLink(element, url, files);
      break;
    case 'meta':
      if (DROPPED_META.test(element.getAttribute('http-equiv')?.trim() ?? '')) element.remove();
      break;
    case 'style':
      element.textContent = inStyle(await files.style(element.textContent, url));
      break;
    default:
      await readyUrls(element, url, files);
  }
  await readyAttributes(element, url, files);
}

async function readyScriptElement(script: Element, url: string, files: ReadyFiles): Promise<void> {
  const type = script.getAttribute('type')?.trim().toLowerCase() ?? '';
  const isModule = type === 'module';
  if (!isModule && !CLASSIC_TYPE.test(type)) return;
  // What is put in may differ from the file, and comes from nowhere.
  for (const name of ['integrity', 'crossorigin']) script.removeAttribute(name);
  const source = script.getAttribute('src');
  if (source === null) {
    // As a node: setting the text of a script is forbidden where Trusted Types are enforced.
    script.replaceChildren(await files.script(script.textContent, url, isModule ? 'module' : 'script'));
    return;
  }
  const ready = isModule ? files.entry(source, url) : await files.refer(source, url);
  if (ready === undefined) return;
  script.setAttribute('src', trustedScriptUrl(ready));
  script.setAttribute(SOURCE_ATTRIBUTE, new URL(source, url).href);
}

/** A style sheet becomes a style: its rules can then be read by scripts, as those of the own origin can. */
async function readyLink(link: Element, url: string, files: ReadyFiles): Promise<void> {
  const rel = link.getAttribute('rel')?.trim() ?? '';
  if (rel.split(/\s+/).some((word) => DROPPED_LINKS.test(word))) {
    link.remove();
  } else if (/\bstylesheet\b/i.test(rel)) {
    const css = await files.sheet(link.getAttribute('href') ?? '', url);
    if (css === undefined) return;
    const style = link.ownerDocument.createElement('style');
    for (const name of ['id', 'class', 'media', 'title', 'onload']) {
      const value = link.getAttribute(name);
      if (value !== null) style.setAttribute(name, trustedScript(value));
    }
    style.textContent = inStyle(css);
    link.replaceWith(style);
  }
}

async function readyUrls(element: Element, url: string, files: ReadyFiles): Promise<void> {
  for (const name of URL_ATTRIBUTES.get(element.localName) ?? []) {
    const ready = await referred(element.getAttribute(name), url, files);
    if (ready !== undefined) element.setAttribute(name, ready);
  }
  const srcset = SRCSET_ELEMENTS.has(element.localName) ? element.getAttribute('srcset') : null;
  if (srcset === null) return;
  element.setAttribute('srcset', await replaceSrcset(srcset, async (text) => (await files.refer(text, url)) ?? text));
}

async function referred(reference: string | null, url: string, files: ReadyFiles): Promise<string | undefined> {
  return reference === null ? undefined : files.refer(reference, url);
}

async function readyAttributes(element: Element, url: string, files: ReadyFiles): Promise<void> {
  for (const { name, value } of [...element.attributes]) {
    if (name === 'style' && /url\(/i.test(value)) element.setAttribute(name, await files.style(value, url));
    if (!name.startsWith('on') || !/\blocation\b/.test(value)) continue;
    element.setAttribute(name, trustedScript(await files.script(value, url, 'handler')));
  }
}

/** Within a style sheet the escape is the same character, within the page it does not end the style. */
function inStyle(css: string): string {
  return css.replace(/<\/(?=style)/gi, '<\\/');
}
