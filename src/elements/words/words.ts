// How an element speaks: messages, numbers, sizes and times in the language of the place where it stands.

import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { decimalsOf, GAP, sizeFor } from '../size-units.ts';
import { messageIn, onMessages } from './catalogue.ts';
import { type Message, partsOf, type Values } from './message.ts';
import type { English, MessageKey } from './message-key.ts';
import { onLanguage } from './on-language.ts';

type Given<Key extends MessageKey, Value> =
  Record<never, never> extends Values<English[Key], Value> ? [] : [values: Values<English[Key], Value>];

export class Words implements ReactiveController {
  readonly #element: ReactiveControllerHost & HTMLElement;
  #ends: readonly (() => void)[] = [];
  #language: string | undefined;
  readonly #formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.PluralRules>();

  constructor(element: ReactiveControllerHost & HTMLElement) {
    this.#element = element;
    element.addController(this);
  }

  /** `lang` of the element or of what it stands in, else English. */
  get language(): string {
    this.#language ??= languageOf(this.#element);
    return this.#language;
  }

  hostConnected(): void {
    const changed = (): void => {
      this.#language = undefined;
      this.#formats.clear();
      this.#element.requestUpdate();
    };
    changed();
    this.#ends = [onMessages(changed), onLanguage(this.#element.ownerDocument, changed)];
  }

  hostDisconnected(): void {
    for (const end of this.#ends) end();
  }

  /** A message as text, also for an attribute. Words of a plugin in it: by `plain` of `base/theirs.ts`. */
  say<Key extends MessageKey>(key: Key, ...given: Given<Key, string | number>): string {
    return this.#parts(key, given[0]).join('');
  }

  /** A message with elements in it. Words of a plugin in it: by `theirs` or `mono` of `base/theirs.ts`. */
  put<Key extends MessageKey>(key: Key, ...given: Given<Key, TemplateResult | string | number>): readonly unknown[] {
    return this.#parts(key, given[0]);
  }

  /** `1,234.5` */
  number(value: number, digits = 0): string {
    return this.#format(`number ${digits}`, (language) => {
      return new Intl.NumberFormat(language, { maximumFractionDigits: digits });
    }).format(value);
  }

  /** `512 bytes`, `1.5 KiB`, `64 MiB`. */
  bytes(bytes: number): string {
    const size = sizeFor(bytes);
    if (size) return `${this.#threeDigits(bytes / size.bytes)}${GAP}${size.unit}`;
    const format = this.#format('bytes', (language) => {
      return new Intl.NumberFormat(language, { style: 'unit', unit: 'byte', unitDisplay: 'long' });
    });
    return format.format(bytes).replaceAll(' ', GAP);
  }

  /** `12.4 KiB of 64 MiB` */
  use(used: number, cap: number): string {
    return this.say('shared.use', { used: this.bytes(used), cap: this.bytes(cap) });
  }

  /** `0.3 ms`, `142 ms`, `1.3 s`, `2 min 5 s`. */
  ms(ms: number): string {
    if (ms < 9.95) return `${this.number(ms, 1)}${GAP}ms`;
    if (ms < 999.5) return `${this.number(ms)}${GAP}ms`;
    if (ms < 59_950) return `${this.number(ms / 1_000, 1)}${GAP}s`;
    const seconds = Math.round(ms / 1_000);
    return `${this.number(Math.floor(seconds / 60))}${GAP}min ${seconds % 60}${GAP}s`;
  }

  /** Day and time, to the second. @param time in ms since 1970 */
  time(time: number): string {
    return this.#format('time', (language) => {
      return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
    }).format(time);
  }

  /** Time of day with milliseconds. @param time in ms since 1970 */
  clock(time: number): string {
    return this.#format('clock', (language) => {
      const parts = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 } as const;
      return new Intl.DateTimeFormat(language, { ...parts, hourCycle: 'h23' });
    }).format(time);
  }

  #threeDigits(value: number): string {
    return this.number(value, decimalsOf(value));
  }

  #parts(key: MessageKey, values: { readonly n?: number; readonly [name: string]: unknown } = {}): unknown[] {
    const parts = partsOf(this.#form(messageIn(this.language, key), values.n));
    return parts.map((part, at) => (at % 2 === 0 ? part : this.#shown(values[part])));
  }

  #shown(value: unknown): unknown {
    return typeof value === 'number' ? this.number(value, 2) : (value ?? '');
  }

  #form(message: Message, n: unknown): string {
    if (typeof message === 'string') return message;
    const rules = this.#format('plural', (language) => new Intl.PluralRules(language));
    return message[rules.select(Number(n))] ?? message.other;
  }

  #format<F extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.PluralRules>(
    name: string,
    make: (language: string) => F,
  ): F {
    const made = (this.#formats.get(name) as F | undefined) ?? make(this.language);
    this.#formats.set(name, made);
    return made;
  }
}

/** Through shadow trees: an element inside another speaks its language. */
function languageOf(element: Element): string {
  for (let at: Element | undefined = element; at; at = outerOf(at)) {
    const language = at.closest('[lang]')?.getAttribute('lang')?.trim();
    if (language && isLanguage(language)) return language;
  }
  return 'en';
}

function outerOf(element: Element): Element | undefined {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : undefined;
}

/** Any text may stand in an attribute, and formats throw for what is no language. */
function isLanguage(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length > 0;
  } catch {
    return false;
  }
}
