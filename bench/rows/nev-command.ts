// A command of a plugin of Nev that runs a command of the app, against the same guest linked without any check.

import data from '../guests/nev-command.wat';
import { openHost, type Setting } from '../library.ts';
import { expectEqual, timed } from '../measure.ts';
import type { Row, Side } from '../row.ts';
import { openNevWorker } from '../sides/nev-worker.ts';

const CALLS = 20;
const ARGS = '40 2';
const add = async (args: string): Promise<string> => `sum of ${args}`;

export const nevCommand: Row = {
  id: 'nev-command',
  name: 'a command of Nev with a host call',
  unit: 'ms',
  floor: 'the same guest linked by hand in a framed worker, without checks',
  against: 'floor',
  goals: [{ isolation: 'process', against: 'floor', bound: 1.3 }],
  cloche,
  beside: {
    async floor() {
      const worker = await openNevWorker(data, async (name, args) => {
        expectEqual(name, 'add', 'the command that the guest runs');
        return add(args);
      });
      return side(() => worker.run(ARGS), worker.close);
    },
  },
};

async function cloche(setting: Setting): Promise<Side> {
  const { defaultCapabilities, nevCapabilities } = setting.library;
  const nev = await nevCapabilities({ commands: { add } });
  const capabilities = [...defaultCapabilities({ storage: setting.storage }), ...nev];
  const host = await openHost(setting, { capabilities });
  const manifest = '{ "name": "bench", "wasm": "bench.m.wasm", "permissions": { "commands": { "allow": ["add"] } } }';
  await host.open({ wasm: data, manifest });
  return side(
    () => host.run('bench.go', ARGS),
    () => host.close(),
  );
}

function side(run: () => Promise<string>, close: Side['close']): Side {
  return {
    sample: () => timed(async () => expectEqual(await run(), `sum of ${ARGS}`, 'what the command gives'), CALLS),
    close,
  };
}
