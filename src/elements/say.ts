// Words of elements that have few of them, in English and German. Those of the admin page have a catalogue of their own.

export type Values = Readonly<Record<string, string | number>>;

/** @param language as in `lang`; English for one that is not here */
export function sayBy<Word extends string>(
  en: Readonly<Record<Word, string>>,
  de: Readonly<Record<Word, string>>,
): (language: string, word: Word, values?: Values) => string {
  return (language, word, values = {}) => {
    const text = (/^de\b/i.test(language) ? de : en)[word];
    return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  };
}

/** Numbers as the words around them have them: `1.5`, and `1,5` in German. */
export function numbersIn(language: string, options?: Intl.NumberFormatOptions): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat(/^de\b/i.test(language) ? language : 'en', options);
  } catch {
    // `lang` may be anything.
    return new Intl.NumberFormat('de', options);
  }
}
