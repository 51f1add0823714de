// `npm run bench:relay`: 200 clients at once for 30 s with a restart in the middle, see demo/relay/load-test.
import { ensureDependencies } from './setup.mjs';

ensureDependencies();
// Node 20 does not read TypeScript by itself.
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('../demo/relay/load-test/main.ts');
await main(process.argv.slice(2));
