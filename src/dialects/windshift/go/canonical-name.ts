/** `x-api-key` as Go writes it, `X-Api-Key`: https://pkg.go.dev/net/http#CanonicalHeaderKey */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}
