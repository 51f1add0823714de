// U3, U4 and U6: every attack against a plugin's frame, beside a twin in a frame that has a sandbox and no more.

import { assert } from 'chai';
import { canary } from '../helpers/canary.ts';
import { engine } from '../helpers/engine.ts';
import { eventually, pause } from '../helpers/hosts.ts';
import { ATTACKS, type Attack, attackPage } from './attacks.ts';
import { clearStage, stage } from './stage.ts';

/** How long a request may be on its way that nothing has stopped, in ms. */
const GRACE_MS = 500;

function openTwin(html: string): HTMLIFrameElement {
  const twin = document.createElement('iframe');
  twin.setAttribute('sandbox', 'allow-scripts allow-forms');
  twin.srcdoc = html;
  document.body.append(twin);
  return twin;
}

async function attackBoth(attack: Attack): Promise<{ seen: number; failures: readonly string[] }> {
  const run = crypto.randomUUID();
  const twin = openTwin(attackPage(attack, canary.url(`/hit/${run}/twin/`)));
  try {
    const demo = await stage({ 'index.html': attackPage(attack, canary.url(`/hit/${run}/frame/`)) });
    const hits = (where: string): Promise<number> => canary.count(`${run}/${where}/${attack.name}`);
    if (attack.works.includes(engine.name)) {
      await eventually(async () => (await hits('twin')) > 0, `${attack.name} to work without a guard`, 10_000);
    }
    if (attack.leaves) await demo.failure();
    await pause(GRACE_MS);
    return { seen: await hits('frame'), failures: demo.failures.map(({ code }) => code) };
  } finally {
    twin.remove();
  }
}

describe('U3: a page that leaves its frame', () => {
  afterEach(clearStage);

  for (const attack of ATTACKS.filter(({ leaves }) => leaves)) {
    it(`is removed, and carries nothing out, by ${attack.name}`, async () => {
      assert.deepEqual(await attackBoth(attack), { seen: 0, failures: ['FRAME_NAVIGATED'] });
    });
  }

  const loads: [string, string][] = [
    ['itself once more', 'own.reload()'],
    ['an empty document', "own.href = 'about:blank'"],
    ['what it writes', "document.open(); document.write('x'); document.close()"],
  ];
  for (const [what, script] of loads) {
    it(`is removed when it loads ${what}`, async () => {
      const attack: Attack = { name: 'load', script, works: [] };
      const demo = await stage({ 'index.html': attackPage(attack, '') });
      assert.equal((await demo.failure()).code, 'FRAME_NAVIGATED');
      assert.isFalse(demo.frame.element.isConnected);
    });
  }
});

describe('U4, U6: a page that carries data out from within its frame', () => {
  afterEach(clearStage);

  for (const attack of ATTACKS.filter(({ leaves }) => !leaves)) {
    it(`reaches nobody by ${attack.name}`, async () => {
      assert.deepEqual(await attackBoth(attack), { seen: 0, failures: [] });
    });
  }
});
