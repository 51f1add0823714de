// What a message is, and which values it takes: read off its text by the compiler.

/** By the plural forms of a language, chosen by the value of `{n}`. */
export type Plural = { readonly [Rule in Exclude<Intl.LDMLPluralRule, 'other'>]?: string } & { readonly other: string };

/** Text with `{names}` in braces in the place of values. */
export type Message = string | Plural;

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** The names of the values that a message takes. */
export type NamesOf<M> = M extends string
  ? NamesIn<M>
  : M extends { readonly other: infer Other extends string }
    ? NamesIn<Other>
    : never;

/** Values by name, `n` always a number. */
export type Values<M, Value> = { readonly [Name in NamesOf<M>]: Name extends 'n' ? number : Value };

/** Text and names by turns: text at even places. */
export function partsOf(text: string): readonly string[] {
  return text.split(/\{(\w+)\}/);
}
