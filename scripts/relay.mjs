// `npm run relay`: the reference relay, from a fresh clone to a URL and a token; see demo/relay/README.md.
// Node built-ins until dependencies are there; stays in the foreground until Ctrl-C.
import { ensureDependencies } from './setup.mjs';

ensureDependencies();
// Node 20 does not read TypeScript by itself.
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('../demo/relay/node/main.ts');
await main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
