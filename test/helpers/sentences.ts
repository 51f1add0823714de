import type { Sentence } from '../../src/index.ts';

/** In English, as an app that shows them as they are has them. */
export function textsOf(sentences: readonly (string | Sentence)[] | undefined): readonly string[] | undefined {
  return sentences?.map((one) => (typeof one === 'string' ? one : one.text));
}
