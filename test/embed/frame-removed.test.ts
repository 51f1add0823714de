// A page that takes itself apart, with the frame in it that plugins run in.

import { assert } from 'chai';
import { guest } from '../helpers/guests.ts';
import { framedReport } from './framed-report.ts';

describe('a page that replaces', () => {
  /** A page of its own, which a test may take apart. */
  async function elsewhere(act: string): Promise<string> {
    const wasm = JSON.stringify([...(await guest())]);
    return framedReport<string>({
      srcdoc: `<!doctype html><body><script src="${location.origin}/dist/cloche.js"></script><script type="module">
        const page = parent;
        const host = await Cloche.createHost({ hostCalls: 'none', storage: 'replaced' });
        const plugin = await host.open(new Uint8Array(${wasm}), { id: 'victim', limits: { timeoutMs: 5000 } });
        const spin = plugin.call('spin').then(String, ({ code }) => code);
        while (plugin.stats.calls === 0) await null;
        ${act}
        page.postMessage(await spin + ' ' + (await plugin.call('echo', 'again')).text(), '*');
        await host.close();
      </script></body>`,
    });
  }

  const acts: [what: string, act: string][] = [
    ['its whole element', "document.replaceChild(document.createElement('html'), document.documentElement);"],
    ['all there is in it', 'document.documentElement.replaceChildren();'],
    ['itself by document.open', "document.open(); document.write('<p>new</p>'); document.close();"],
  ];
  for (const [what, act] of acts) {
    it(`${what} ends the call with FRAME_REMOVED, and the next one works`, async () => {
      assert.equal(await elsewhere(act), 'FRAME_REMOVED again');
    });
  }
});
