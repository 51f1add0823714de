/** A name of the module's as messages carry it: engines take names of megabytes. */
export function cut(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
