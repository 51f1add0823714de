// The document that a comment's plain text is stored as: TipTap's, serialised as the contract shows it.

import { sortedJson } from './sorted-json.ts';

/** Each line of the untrimmed text is a paragraph, an empty line one without content. */
export function tiptapDocument(text: string): string {
  // Go reads a lone surrogate as U+FFFD, where JSON would keep it as an escape.
  const lines = text.toWellFormed().split('\n');
  return sortedJson({ type: 'doc', content: lines.map(paragraph) });
}

function paragraph(line: string): object {
  if (line === '') return { type: 'paragraph' };
  return { type: 'paragraph', content: [{ type: 'text', text: line }] };
}
