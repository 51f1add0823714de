// The built library, as an app loads it, not its sources; and the settings in which its hosts are made.

import type { Host, HostOptions } from '../src/index.ts';

export type Library = typeof import('../src/index.ts');

/** `default` where the library has no such option, as an older one. */
export type Isolation = 'process' | 'origin' | 'default';

/** Which library a host is made with, and how. */
export interface Setting {
  readonly library: Library;
  readonly isolation: Isolation;
  /** Beginning of the names of databases, of this setting alone. */
  readonly storage: string;
}

export async function builtLibrary(url = '/dist/index.js'): Promise<Library> {
  return import(/* @vite-ignore */ new URL(url, location.href).href);
}

/** A host for much work in little time, which lives where the setting says, or it is an error. */
export async function openHost(
  { library, isolation, storage }: Setting,
  { limits, ...options }: HostOptions = {},
): Promise<Host> {
  const host = await library.createHost({
    storage,
    limits: { busyMsPerMinute: 60_000, ...limits },
    ...options,
    ...(isolation === 'default' ? {} : { isolation }),
  });
  const { mode = 'default' } = host.environment as { mode?: string };
  if (isolation === 'default' || mode === isolation) return host;
  const { reason } = host.environment;
  await host.close();
  throw new Error(`Expected plugins to live in \`${isolation}\`, got \`${mode}\`: ${reason}`);
}

/** The values of `isolation` that the library knows. */
export async function isolationsOf(library: Library): Promise<readonly Isolation[]> {
  try {
    const host = await openHost({ library, isolation: 'process', storage: 'bench-isolation' });
    await host.close();
    return ['process', 'origin'];
  } catch (thrown) {
    if (thrown instanceof library.ClocheError && thrown.code === 'OPTION_INVALID') return ['default'];
    throw thrown;
  }
}

/** Bytes of an example plugin, as the build made it. */
export async function exampleBytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(`/plugins/${name}/dist/plugin.wasm`, location.href));
  if (!response.ok) throw new Error(`Expected plugin ${name} to be built, got status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
