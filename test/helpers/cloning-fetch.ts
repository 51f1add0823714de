// A page whose scripts clone every response, as those for session replay and monitoring do.

export interface CloningFetch {
  readonly fetch: typeof fetch;
  /** Reads the clones, oldest first. @throws AbortError when somebody has taken them away */
  texts(): Promise<string[]>;
}

export function cloningFetch(): CloningFetch {
  const clones: Response[] = [];
  const original = globalThis.fetch;
  return {
    async fetch(...args) {
      const response = await original(...args);
      clones.push(response.clone());
      return response;
    },
    texts: () => Promise.all(clones.map((clone) => clone.text())),
  };
}
