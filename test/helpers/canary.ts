interface Canary {
  /** Another site than the test page's: a request that reaches it has left. */
  readonly origin: string;
  url(path: string): string;
  /** How many requests, preflights included, have reached `/hit/<id>`. */
  count(id: string): Promise<number>;
}

async function connect(): Promise<Canary> {
  const { origin } = (await (await fetch('/__canary.json')).json()) as { origin: string };
  return {
    origin,
    url: (path) => new URL(path, origin).href,
    async count(id) {
      const response = await fetch(`${origin}/count/${id}`);
      return ((await response.json()) as { count: number }).count;
    },
  };
}

/** The server on a second origin that counts what reaches it; see test/runner/canary.mjs. */
export const canary: Canary = await connect();
