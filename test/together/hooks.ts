// What helpers see to in every file of a page. Their modules are loaded once: a hook that one set by itself would be of the
// file that came first.

type Hook = () => Promise<void> | void;

export const afterTests = new Set<Hook>();
export const afterFiles = new Set<Hook>();

export async function inTurn(hooks: Iterable<Hook>): Promise<void> {
  for (const run of hooks) await run();
}
