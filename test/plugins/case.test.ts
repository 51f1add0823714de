// The example of Nev: the one in WAT, and its twin in C where the machine had a compiler.

import { assert } from 'chai';
import { defaultCapabilities, type Host, nevCapabilities } from '../../src/index.ts';
import { closeHosts, makeHost, uniqueStorage } from '../helpers/hosts.ts';

const point = (line: number, column: number) => ({ line, column });

afterEach(closeHosts);

async function installed(name: string): Promise<{ host: Host; edits: unknown[] } | undefined> {
  const response = await fetch(`/plugins/case/dist/${name}.zip`);
  if (!response.ok) return undefined;
  const edits: unknown[] = [];
  const storage = uniqueStorage();
  const nev = await nevCapabilities({
    interfaces: {
      'text-editor': {
        'active-text-editor': () => 1n,
        'get-selections': () => [
          { first: point(0, 0), last: point(0, 5) },
          { first: point(0, 6), last: point(1, 3) },
        ],
        content: () => 'Hello wörLd\nTwo lines',
        edit: ([, selections, contents]) => {
          edits.push(contents);
          return selections;
        },
      },
    },
  });
  const host = await makeHost({
    storage,
    serviceWorker: '/cloche-sw.js',
    capabilities: [...defaultCapabilities({ storage }), ...nev],
  });
  await host.install(new File([await response.blob()], `${name}.zip`));
  return { host, edits };
}

for (const name of ['case', 'case-in-c']) {
  it(`plugins/case: ${name} changes the case of what is selected`, async function () {
    const made = await installed(name);
    if (!made) {
      if (name === 'case') throw new Error('Expected plugins/case to be built');
      console.warn('Left out, as no compiler for C was there when the examples were built: the twin of plugins/case');
      this.skip();
    }
    const { host, edits } = made;
    assert.deepEqual(
      host.commands.filter(({ description }) => description).map((command) => command.name),
      ['case.upper', 'case.lower', 'case.swap'],
    );
    for (const command of ['upper', 'lower', 'swap']) await host.run(`case.${command}`, '', { load: 'wait-and-run' });
    assert.deepEqual(edits, [
      ['HELLO', 'WöRLD\nTWO'],
      ['hello', 'wörld\ntwo'],
      ['hELLO', 'WöRlD\ntWO'],
    ]);
  });
}
