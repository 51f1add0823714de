// Keys of a user and the commands that they run: `{ 'Mod+Shift+U': 'case.upper', 'Alt+2': 'harpoon.set 2' }`.

/** Keys to a command line: a name, and behind the first space its arguments. */
export type Keymap = Readonly<Record<string, string>>;

export interface Binding {
  /** As they stand on the keyboard. */
  readonly keys: string;
  readonly name: string;
  readonly args: string;
  matches(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>): boolean;
}

const MODIFIERS = ['ctrl', 'alt', 'shift', 'meta'] as const;
type Modifier = (typeof MODIFIERS)[number];

const OTHER_WORDS: Readonly<Record<string, Modifier>> = {
  control: 'ctrl',
  option: 'alt',
  cmd: 'meta',
  command: 'meta',
};

/** `Mod` is Command where that is what users expect. */
const isApple = (): boolean => /Mac|iP(?:hone|ad)/.test(globalThis.navigator?.platform ?? '');

/** Bindings whose keys cannot be read are left out, and told. */
export function readKeymap(keymap: Keymap, apple = isApple()): { bindings: Binding[]; problems: string[] } {
  const bindings: Binding[] = [];
  const problems: string[] = [];
  for (const [keys, line] of Object.entries(keymap)) {
    const binding = readBinding(keys, line, apple);
    if (typeof binding === 'string') problems.push(binding);
    else bindings.push(binding);
  }
  return { bindings, problems };
}

function readBinding(keys: string, line: string, apple: boolean): Binding | string {
  // A plus sign is a key itself where it stands at the end.
  const words = keys
    .replace(/\+\+$/, '+Plus')
    .split('+')
    .map((word) => word.trim().toLowerCase());
  const key = words.pop() ?? '';
  const held = new Set<string>(words.map((word) => modifierOf(word, apple) ?? '?'));
  if (key === '' || held.has('?'))
    return `Keys ${JSON.stringify(keys)} are not modifiers and one key, such as Mod+Shift+U`;
  const trimmed = line.trim();
  if (trimmed === '') return `Keys ${JSON.stringify(keys)} run no command`;
  const space = trimmed.search(/\s/);
  const name = space < 0 ? trimmed : trimmed.slice(0, space);
  const given = space < 0 ? '' : trimmed.slice(space).trim();
  // A backslash makes one text of all the rest.
  const args = given.startsWith('\\') ? JSON.stringify(given.slice(1)) : given;
  return {
    keys: keys.replace(/\bmod\b/i, apple ? '⌘' : 'Ctrl'),
    name,
    args,
    matches(event) {
      const isHeld = MODIFIERS.every((modifier) => event[`${modifier}Key`] === held.has(modifier));
      return isHeld && keysOf(event).includes(key);
    },
  };
}

function modifierOf(word: string, apple: boolean): Modifier | undefined {
  if (word === 'mod') return apple ? 'meta' : 'ctrl';
  return MODIFIERS.find((modifier) => modifier === word) ?? OTHER_WORDS[word];
}

/** With Alt or Shift a key may give another character: the place on the keyboard counts as well. */
function keysOf({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): string[] {
  const named = key === ' ' ? 'space' : key === '+' ? 'plus' : key.toLowerCase();
  return [named, code.replace(/^(?:Key|Digit)/, '').toLowerCase()];
}

/** Of somebody who writes in a language with candidates the keys are the candidates': WebKit says so of the last one by its code alone. */
export function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}

/** Whether the key writes in a field, or moves in it: such a key is the field's. */
export function isTyping(event: KeyboardEvent): boolean {
  if (isComposing(event)) return true;
  const [field] = event.composedPath();
  if (!(field instanceof HTMLElement) || !isField(field)) return false;
  const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey && !/^F\d/.test(event.key);
  return isPlain || event.getModifierState('AltGraph');
}

function isField(element: HTMLElement): boolean {
  return element.isContentEditable || /^(?:input|textarea|select)$/.test(element.localName);
}
