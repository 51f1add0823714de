import {
  ClocheError,
  createHost,
  type ErrorCode,
  type Host,
  type Limits,
  type Output,
  type Plugin,
} from '../../src/index.ts';
import type { Expect, Same } from './expect-type.ts';

type _Created = Expect<Same<ReturnType<typeof createHost>, Promise<Host>>>;
type _Called = Expect<Same<Awaited<ReturnType<Plugin['call']>>, Output>>;
type _Bytes = Expect<Same<ReturnType<Output['bytes']>, Uint8Array>>;
type _Json = Expect<Same<ReturnType<Output['json']>, unknown>>;
type _Code = Expect<Same<ClocheError['code'], ErrorCode>>;
/** A limit is never left open in what a host or a plugin says of itself. */
type _Limits = Expect<Same<Plugin['limits'], Readonly<Limits>> extends true ? true : Same<Plugin['limits'], Limits>>;

/** What is told by a code can be told apart by the compiler. */
export async function nameOf(plugin: Plugin): Promise<string> {
  try {
    return (await plugin.call('name')).json<{ name: string }>().name;
  } catch (thrown) {
    if (thrown instanceof ClocheError && thrown.code === 'TIMEOUT') return 'late';
    // @ts-expect-error: a typo is found before anybody waits for it
    if (thrown instanceof ClocheError && thrown.code === 'TIMEOT') return 'never';
    throw thrown;
  }
}

export async function misuses(host: Host): Promise<void> {
  // @ts-expect-error: a source is bytes, a file, a URL, a response, a folder or a manifest, not a number
  await host.install(7);
  // @ts-expect-error: no such option
  await host.install(new Uint8Array(), { grants: 'none' });
  // @ts-expect-error: no such word
  await host.install(new Uint8Array(), { replace: 'merge' });
  // @ts-expect-error: no such limit
  await createHost({ limits: { memory: 1 } });
  // @ts-expect-error: with exact types, what is left out is left out
  await createHost({ relay: undefined });
}

/** Listeners know what they hear. */
export function listens(host: Host): void {
  host.addEventListener('kill', (event) => {
    type _Kill = Expect<Same<typeof event.record.code, ErrorCode>>;
  });
}
