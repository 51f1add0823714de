// Values of a component as JSON has them: integers of 64 bits are texts, bytes lists of numbers, numbers that are not finite texts.

export function plainOf(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'undefined':
      return null;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'object':
      if (value === null) return null;
      if (value instanceof Uint8Array) return Array.from(value);
      if (Array.isArray(value)) return value.map(plainOf);
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainOf(item)]));
    default:
      return value;
  }
}
