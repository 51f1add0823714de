// Which plugins wait for the host function that is being called right now.

/** Plugins that wait for one another, outermost first. */
export type CallChain = readonly object[];

let current: CallChain = [];

/** The chain that a call made now belongs to. Known only until the host function first awaits. */
export function currentChain(): CallChain {
  return current;
}

/**
 * Calls a host function on behalf of a chain. There is no way to follow a chain through an `await` in a browser:
 * a call back into the plugin after one waits in its queue until the host call runs out of time.
 */
export function onBehalfOf<T>(chain: CallChain, run: () => T): T {
  const before = current;
  current = chain;
  try {
    return run();
  } finally {
    current = before;
  }
}
