// A component: its worker started for a hook, from what was made of it before, and a hook that waits for the page.

import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import module from '../guests/component.wat?raw';
import { exampleBytes, openHost } from '../library.ts';
import { expectEqual, timed } from '../measure.ts';
import { ofBoth, type Row } from '../row.ts';

const WIT = `package bench:component;
interface host { add: func(a: u32, b: u32) -> u32; }
world plugin { import host; export once: func() -> u32; }`;

/** In one sample: a call takes about as long as a few ticks of the clock. */
const CALLS = 20;

export const componentStart: Row = {
  id: 'component-start',
  name: 'a component, from its start to its first answer',
  unit: 'ms',
  goals: ofBoth({ bound: 130 }),
  rounds: { runs: 20, warmUps: 2 },
  async cloche(setting) {
    const host = await openHost(setting);
    const plugin = await host.open(await exampleBytes('checksum'));
    return {
      async sample() {
        await plugin.disable();
        await plugin.enable();
        return timed(async () => {
          expectEqual(
            (await plugin.call('document-saved', '1')).text(),
            '{"crc32":"83dcefb7","bytes":1}',
            'the answer',
          );
        });
      },
      close: () => host.close(),
    };
  },
};

export const componentHostCall: Row = {
  id: 'component-host-call',
  name: 'a call of a component with a host call',
  unit: 'ms',
  goals: ofBoth({ bound: 1.5, engine: 'chromium' }),
  async cloche(setting) {
    const { library } = setting;
    const capability = library.defineCapability({
      name: 'bench',
      namespace: 'bench:component/host',
      functions: {
        add: {
          params: ['json'],
          result: 'json',
          call: ([args]) => {
            const [a, b] = args as [number, number];
            return a + b;
          },
        },
      },
    });
    const host = await openHost(setting, { capabilities: [capability] });
    const typed = await componentEmbed({ binary: await parse(module), witSource: WIT, world: 'plugin' });
    const wasm = new Uint8Array(await componentNew(typed, []));
    const plugin = await host.open(wasm, { id: 'component', grant: { bench: true } });
    return {
      sample: () =>
        timed(async () => expectEqual((await plugin.call('once')).text(), '42', 'what the guest answers'), CALLS),
      close: () => host.close(),
    };
  },
};
