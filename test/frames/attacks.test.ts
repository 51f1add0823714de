// U3, U4 and U6: every attack against a plugin's frame, beside a twin in a frame that has a sandbox and no more.

import { assert } from 'chai';
import { canary } from '../helpers/canary.ts';
import { engine } from '../helpers/engine.ts';
import { eventually, pause } from '../helpers/hosts.ts';
import { ATTACKS, type Attack, attackPage } from './attacks.ts';
import { clearStage, type Stage, stage } from './stage.ts';

/** How long a request may be on its way that nothing has stopped, in ms. */
const GRACE_MS = 500;

/** How many attacks run at the same time, each in frames of its own. */
const AT_ONCE = 10;

function openTwin(html: string): HTMLIFrameElement {
  const twin = document.createElement('iframe');
  twin.setAttribute('sandbox', 'allow-scripts allow-forms');
  twin.srcdoc = html;
  document.body.append(twin);
  return twin;
}

interface Outcome {
  readonly seen: number;
  readonly failures: readonly string[];
}

async function attackBoth(attack: Attack): Promise<Outcome> {
  const run = crypto.randomUUID();
  const works = attack.works.includes(engine.name);
  // Where it does not work there is nothing to compare with.
  const twin = works ? openTwin(attackPage(attack, canary.url(`/hit/${run}/twin/`))) : undefined;
  let demo: Stage | undefined;
  try {
    demo = await stage({ 'index.html': attackPage(attack, canary.url(`/hit/${run}/frame/`)) });
    const hits = (where: string): Promise<number> => canary.count(`${run}/${where}/${attack.name}`);
    if (works) {
      await eventually(async () => (await hits('twin')) > 0, `${attack.name} to work without a guard`, 10_000);
    }
    if (attack.leaves) await demo.failure();
    await pause(GRACE_MS);
    return { seen: await hits('frame'), failures: demo.failures.map(({ code }) => code) };
  } finally {
    demo?.frame.close();
    twin?.remove();
  }
}

/** Begins the attacks, some at a time: they know nothing of each other, and most of each is a wait for a request in vain. */
function attackAll(attacks: readonly Attack[]): (attack: Attack) => Promise<Outcome> {
  const outcomes = new Map(attacks.map((attack) => [attack, Promise.withResolvers<Outcome>()]));
  const left = outcomes.entries();
  const lane = async (): Promise<void> => {
    for (const [attack, { promise, resolve, reject }] of left) {
      attackBoth(attack).then(resolve, reject);
      // Whoever asks for it hears of it.
      await promise.catch(() => undefined);
    }
  };
  for (let i = 0; i < AT_ONCE; i++) void lane();
  return async (attack) => (await outcomes.get(attack)?.promise) ?? assert.fail(`${attack.name} was not begun`);
}

describe('U3: a page that leaves its frame', () => {
  const leaving = ATTACKS.filter(({ leaves }) => leaves);
  let outcome: (attack: Attack) => Promise<Outcome>;
  before(() => {
    outcome = attackAll(leaving);
  });
  after(clearStage);

  for (const attack of leaving) {
    it(`is removed, and carries nothing out, by ${attack.name}`, async () => {
      assert.deepEqual(await outcome(attack), { seen: 0, failures: ['FRAME_NAVIGATED'] });
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
  const staying = ATTACKS.filter(({ leaves }) => !leaves);
  let outcome: (attack: Attack) => Promise<Outcome>;
  before(() => {
    outcome = attackAll(staying);
  });
  after(clearStage);

  for (const attack of staying) {
    it(`reaches nobody by ${attack.name}`, async () => {
      assert.deepEqual(await outcome(attack), { seen: 0, failures: [] });
    });
  }
});
