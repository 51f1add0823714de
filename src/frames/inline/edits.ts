// Changes of a text, collected first and made at once.

export interface Edit {
  readonly start: number;
  /** Equal to `start` for what is only put in. */
  readonly end: number;
  readonly text: string;
}

/** No two edits may overlap; of those at one place the earlier in the list comes first. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  return editedParts(source, edits).join('');
}

/** The same in parts, in their order. */
export function editedParts(source: string, edits: readonly Edit[]): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(source.slice(at, start), text);
    at = end;
  }
  parts.push(source.slice(at));
  return parts;
}
