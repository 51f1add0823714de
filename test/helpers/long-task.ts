// How long the page of a test was kept from doing anything else.

/** Begins to watch; the function that it returns ends that, and gives the longest pause in ms. */
export function longestTask(): () => number {
  let last = performance.now();
  let longest = 0;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 10);
  return () => {
    clearInterval(timer);
    look();
    return longest;
  };
}
