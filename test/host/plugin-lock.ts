// The lock of a plugin that reads and writes apart, and another tab that holds it.

import { kvDatabaseName } from '../../src/capabilities/kv/kv-store.ts';
import { type CallOptions, defaultCapabilities, defineCapability, type HostOptions } from '../../src/index.ts';
import { guest, passing } from '../helpers/guests.ts';
import { eventually, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { windshiftZip } from '../helpers/windshift.ts';

const USER = 'extism:host/user';

/** Keeps things, and asks the page. */
export const asking = () =>
  guest(
    `${passing('kv_get')} ${passing('ask')}`,
    `(import "${USER}" "kv_get" (func $kv_get (param i64) (result i64)))
     (import "${USER}" "ask" (func $ask (param i64) (result i64)))`,
  );

export type LockScene = Awaited<ReturnType<typeof lockScene>>;

export async function lockScene(options: HostOptions = {}) {
  const storage = uniqueStorage();
  const scene = {
    /** What the page does when the guest asks it. */
    answer: async (): Promise<unknown> => undefined,
  };
  const ask = defineCapability({
    name: 'ask',
    functions: {
      ask: {
        params: ['bytes'],
        result: 'bytes',
        call: async () => {
          await scene.answer();
          return null;
        },
      },
    },
  });
  const host = await makeHost({ ...options, storage, capabilities: [...defaultCapabilities({ storage }), ask] });
  const plugin = await host.install(await windshiftZip({ name: 'keeper' }, {}, await asking()), { grant: 'all' });
  const lock = `cloche:${kvDatabaseName(storage, plugin.installation)}`;

  /** Holds it as another tab does. @returns lets go of it */
  async function holding(): Promise<() => void> {
    const { promise: held, resolve: hold } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    void navigator.locks.request(lock, () => {
      hold();
      return released;
    });
    await held;
    return release;
  }

  const isWaiting = async (): Promise<boolean> =>
    (await navigator.locks.query()).pending?.some(({ name }) => name === lock) ?? false;
  const isHeld = async (): Promise<boolean> =>
    (await navigator.locks.query()).held?.some(({ name }) => name === lock) ?? false;

  /** A call that waits for the lock. */
  async function waiting(options: CallOptions = {}) {
    const release = await holding();
    const call = plugin.call('echo', 'x', options);
    call.catch(() => undefined);
    await eventually(isWaiting, 'the call to wait');
    return { call, release };
  }

  return Object.assign(scene, { host, plugin, lock, holding, isWaiting, isHeld, waiting });
}
