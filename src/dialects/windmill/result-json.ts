// What the handler of a route gives, as JSON: docs/contracts/windmill.md, section 6, `as_results_json`.

/** @throws {Error} in the words of the contract */
export function resultJson(value: unknown): unknown {
  const { tag, val } = typeof value === 'object' && value !== null ? (value as { tag?: unknown; val?: unknown }) : {};
  if (tag === 'err')
    throw new Error(typeof val === 'string' ? `Plugin hook error: ${val}` : 'Error executing plugin hook');
  if (tag !== 'ok') throw new Error('Unexpected hook value type');
  if (val === undefined) throw new Error('No value returned from plugin hook');
  if (typeof val !== 'string') throw new Error('Unexpected boxed hook value type');
  try {
    return JSON.parse(val);
  } catch (cause) {
    throw new Error(`Failed to parse string as JSON: ${(cause as Error).message}`);
  }
}
