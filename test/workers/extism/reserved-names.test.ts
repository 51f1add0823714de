// P12: names that belong to the host or to JavaScript are refused where a module is linked by them, and are provided by nobody.

import { assert } from 'chai';
import type { Host } from '../../../src/index.ts';
import { ExtismGuest } from '../../../workers/extism/extism-guest.ts';
import { KernelMemory } from '../../../workers/extism/kernel/kernel-memory.ts';
import type { GuestDeps } from '../../../workers/guest.ts';
import { LeasedData } from '../../../workers/host-calls/leased-data.ts';
import { makeHostCalls } from '../../../workers/host-calls/make-host-calls.ts';
import { LogLines } from '../../../workers/log-lines.ts';
import { PagePort } from '../../../workers/page-port.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, makeHost } from '../../helpers/hosts.ts';
import { wat } from '../../helpers/wat.ts';
import { imports } from './abi-guest.ts';
import { pair, RESERVED } from './names.ts';

let host: Host;
before(async () => {
  host = await makeHost();
});
after(closeHosts);

describe('P12: the name of a linked module', () => {
  for (const name of RESERVED) {
    it(`is refused in a manifest and in the worker: ${name}`, async () => {
      const wasm = await pair(name);
      await rejectsCode('MANIFEST_INVALID', host.open({ wasm }, { id: 'linked' }), /belongs to the host/);
      const before = Object.getOwnPropertyNames(Object.prototype).join();
      const assign = Object.assign;
      await rejectsCode('MODULE_REJECTED', started(wasm), /a reserved name/);
      assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before);
      assert.equal(Object.assign, assign);
    });
  }
});

describe('P12: the name of an import or export', () => {
  for (const [namespace, name] of [
    ['__proto__', 'toString'],
    ['constructor', 'assign'],
    ['lib', 'constructor'],
    ['extism:host/env', 'hasOwnProperty'],
    ['extism:host/user', '__proto__'],
    ['extism:host/user', 'toString'],
    ['wasi_snapshot_preview1', 'valueOf'],
  ] as const) {
    it(`is provided by nobody: ${namespace} ${name}`, async () => {
      const wasm = await wat(`(module ${imports(namespace, `${name}:`)} (func (export "run") (call $${name})))`);
      await rejectsCode('IMPORT_MISSING', host.open(wasm, { id: 'nobody' }));
    });
  }

  for (const name of ['cloche:_start', 'cloche:refused-pages']) {
    it(`reaches nothing that was put into the other module: ${name}`, async () => {
      const main = wat(`(module (import "lib" "${name}" (func)) (func (export "run")))`);
      const wasm = [
        {
          name: 'lib',
          data: await wat('(module (memory 1) (func (export "_start") (drop (memory.grow (i32.const 1)))))'),
        },
        { name: 'main', data: await main },
      ];
      await rejectsCode('MODULE_REJECTED', host.open({ wasm }, { id: 'linked' }), /a reserved name/);
    });
  }
});

/** Loads and starts modules as a worker does, past the page and its manifests. */
async function started(modules: readonly { name: string; data: Uint8Array }[]): Promise<void> {
  const page = new PagePort(new MessageChannel().port1);
  const kept = { XMLHttpRequest: undefined };
  const deps: GuestDeps = {
    request: {
      modules: modules.map(({ name, data }, i) => ({ name, key: `${i}`, bytes: data })),
      limits: { memoryPages: 64, growthPages: 64, tableElements: 10 },
      inspectOnly: false,
      assumed: null,
      functions: [],
      config: [],
      varBytes: 0,
      exchangeBytes: 65_536,
      logLevel: 'off',
      logLineBytes: 64,
      guest: { abi: 'extism', instance: 'persistent', afterTrap: 'discard', start: [] },
      wasi: 'none',
      clock: 'real',
      wait: { way: 'none' },
    },
    page,
    hostCalls: makeHostCalls({ way: 'none' }, page, kept, new LeasedData([], page)),
    logs: new LogLines(page, 64),
  };
  const guest = new ExtismGuest(deps, new KernelMemory());
  await guest.load({ cached: async () => new Map(), give: async () => undefined });
  await guest.start();
}
