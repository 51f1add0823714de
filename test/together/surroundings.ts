// What the files of a page share, to tell what one of them has left behind.

/** By name, or by itself where there may be several of a kind. */
export type Surroundings = ReadonlyMap<unknown, unknown>;

/** Whose properties tests replace to see what is done with them, or to have it fail. */
const REPLACED: Readonly<Record<string, object>> = {
  globalThis,
  document,
  navigator,
  performance,
  console,
  crypto,
  'crypto.subtle': crypto.subtle,
  Date,
  URL,
  WebAssembly,
  'Navigator.prototype': Navigator.prototype,
  'LockManager.prototype': LockManager.prototype,
  'IDBFactory.prototype': IDBFactory.prototype,
  'IDBDatabase.prototype': IDBDatabase.prototype,
  'IDBObjectStore.prototype': IDBObjectStore.prototype,
  'EventTarget.prototype': EventTarget.prototype,
  'MessagePort.prototype': MessagePort.prototype,
  'HTMLElement.prototype': HTMLElement.prototype,
  'HTMLAnchorElement.prototype': HTMLAnchorElement.prototype,
  'HTMLIFrameElement.prototype': HTMLIFrameElement.prototype,
  'Object.prototype': Object.prototype,
};

/** Of what a browser keeps beyond the page, only what is quick to look at. */
export function surroundings(): Surroundings {
  return new Map<unknown, unknown>([
    ...Object.entries(REPLACED).flatMap(propertiesOf),
    ...[document.documentElement, document.body].flatMap(attributesOf),
    ...[document.head, document.body].flatMap(({ children }) => [...children].map(itself)),
    ...document.adoptedStyleSheets.filter((sheet) => !isTokens(sheet)).map(itself),
    ...stored('localStorage', localStorage),
    ...stored('sessionStorage', sessionStorage),
    ['document.title', document.title],
    ['document.cookie', document.cookie],
    ['location', location.href],
    ['history.state', history.state],
    ['frames', window.length],
  ]);
}

/** The names of what is there and was not, of what is another thing now, and of what has gone. */
export function leftBehind(before: Surroundings, now: Surroundings): string[] {
  const keys = new Set([...before.keys(), ...now.keys()]);
  return [...keys].filter((key) => !Object.is(before.get(key), now.get(key))).map(nameOf);
}

function propertiesOf([owner, object]: [string, object]): (readonly [string, unknown])[] {
  // Not its value where it has a getter: that is the page's, and may be another each time.
  return Object.entries(Object.getOwnPropertyDescriptors(object)).map(([name, { value, get }]) => {
    return [`${owner}.${name}`, get ?? value] as const;
  });
}

function attributesOf(element: Element): (readonly [string, string])[] {
  return [...element.attributes]
    .filter(({ name, value }) => name !== 'style' || value !== '')
    .map(({ name, value }) => [`<${element.localName} ${name}>`, value] as const);
}

function stored(name: string, storage: Storage): (readonly [string, string])[] {
  return Object.entries(storage).map(([key, value]) => [`${name}.${key}`, value] as const);
}

/** Elements give them to a page once, and for good. */
function isTokens({ cssRules }: CSSStyleSheet): boolean {
  return [...cssRules].some(({ cssText }) => cssText.includes('--cloche-'));
}

const itself = (thing: object): readonly [object, true] => [thing, true];

function nameOf(key: unknown): string {
  if (key instanceof Element) return key.outerHTML.slice(0, 200);
  return typeof key === 'string' ? key : 'one of document.adoptedStyleSheets';
}
