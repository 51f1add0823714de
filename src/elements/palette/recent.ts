// The commands that were run last, over reloads. Where the page keeps nothing they last as long as it does.

const KEY = 'cloche-palette-recent';
const MOST = 20;

export class Recent {
  #names: readonly string[];

  constructor() {
    this.#names = stored();
  }

  get names(): readonly string[] {
    return this.#names;
  }

  ran(name: string): void {
    this.#names = [name, ...this.#names.filter((other) => other !== name)].slice(0, MOST);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#names));
    } catch {
      // Private modes and frames without an origin have no room: it is a convenience, and nobody is to be told.
    }
  }
}

function stored(): readonly string[] {
  try {
    const names: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string').slice(0, MOST) : [];
  } catch {
    // As above; and what somebody else has written there is no list.
    return [];
  }
}
