/** A part of an address without its escapes; as it stands where they are none, since anybody may write an address. */
export function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
