// What the app says of the plugin's key files, and what a server signs by it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostCallContext } from '../../../../src/capabilities/host-function.ts';
import type { DocumentService } from '../../../../src/capabilities/services.ts';
import { cliService } from '../../../../src/dialects/windmill/extra-services/cli-service.ts';
import type { Programs } from '../../../../src/dialects/windmill/extra-services/programs.ts';
import type { OwnFiles } from '../../../../src/dialects/windmill/own-files.ts';

const context = {
  plugin: { id: 'p' },
  signal: new AbortController().signal,
  log: () => undefined,
} as unknown as HostCallContext;
const files = {
  read: async (name: string) => {
    if (name !== 'key.p12') throw new Error('it is not there');
    return new TextEncoder().encode('content');
  },
} as unknown as OwnFiles;
const programs = { output: async (command: readonly unknown[]) => ({ ok: command.join(' ') }) } as unknown as Programs;

function asked(keyType?: DocumentService['keyType']) {
  const functions = cliService({ options: keyType ? { keyType } : {}, files, programs });
  return (name: string, ...args: unknown[]): unknown => {
    const found = functions.find((one) => one.name === name) as unknown as {
      call(args: readonly unknown[], context: HostCallContext): unknown;
    };
    return found.call([args], context);
  };
}

describe('keys of a plugin', () => {
  it('are of the kind that the app says', async () => {
    const seen: string[] = [];
    const ask = asked(async (file, password, { plugin }) => {
      seen.push(`${await file.text()} ${password} ${plugin.id}`);
      return 6;
    });
    assert.deepEqual(await ask('get-pk12-id', 'key.p12', 'word'), { ok: 6 });
    assert.deepEqual(seen, ['content word p']);
    assert.deepEqual(await ask('get-pk12-id', 'other.p12', 'word'), {
      err: 'Failed to open .p12 file: it is not there',
    });
  });

  it('sign by the program for their kind, and not at all where there is none', async () => {
    const sign = (type: number) =>
      asked(async () => type)('create-server-signature', 'a.jar', 'key.p12', 'data', 'word');
    assert.deepEqual(await sign(6), { ok: 'java -jar a.jar sign-rsa key.p12 data word' });
    assert.deepEqual(await sign(408), { ok: 'java -jar a.jar sign-ec key.p12 data word' });
    assert.deepEqual(await sign(7), { err: 'Unexpected p12 key 7' });
  });

  it('are an error where the app says nothing, throws, or gives no number of a kind', async () => {
    for (const name of ['get-pk12-id', 'create-server-signature']) {
      const { err } = (await asked()(name, 'key.p12', 'word')) as { err: string };
      assert.match(err, new RegExp(`${name}\` is not offered by this host$`));
    }
    const throws = asked(async () => Promise.reject(new Error('/srv/secret')));
    assert.deepEqual(await throws('get-pk12-id', 'key.p12', 'word'), {
      err: 'Failed to parse .p12 file: The host could not do it',
    });
    for (const wrong of [6.5, 2 ** 40, 'RSA' as unknown as number]) {
      const { err } = (await asked(async () => wrong)('get-pk12-id', 'key.p12', 'word')) as { err: string };
      assert.match(err, /^Failed to parse .p12 file: /);
    }
  });
});
