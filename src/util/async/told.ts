// Tells an app something by a function of its own. What that throws is the app's fault, and nothing of ours fails by it.

/** @returns a function that never throws */
export function told<Args extends readonly unknown[]>(tell: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      tell(...args);
    } catch (thrown) {
      reportError(thrown);
    }
  };
}
