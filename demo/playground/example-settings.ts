// What the page gives to an example that needs to know where it runs.

import type { InstallOptions } from '../../src/options.ts';
import type { Example } from './examples.ts';

/**
 * Settings to install an example with. `quote` asks for every host, which no manifest gets: it is told where the
 * page keeps its quotes, and granted that one site.
 */
export function settingsFor(example: Example): InstallOptions {
  if (example.id !== 'quote') return {};
  const quotes = new URL('quotes.json', example.url);
  return {
    config: { url: quotes.href },
    grant: { http: { allow: [quotes.origin], methods: ['GET'] } },
  };
}
