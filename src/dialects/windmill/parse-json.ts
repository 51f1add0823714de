/** JSON of anybody, whose errors are an answer. */
export function parseJson(text: string): { readonly value: unknown } | { readonly error: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (cause) {
    return { error: (cause as Error).message };
  }
}
