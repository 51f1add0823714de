// Plugins for tests of the playground, as examples of it and as files that somebody drops.

import type { Example } from '../../demo/playground/examples.ts';
import { guest } from '../helpers/guests.ts';

/** Of a plugin of `guest` with more in its manifest. */
export interface Made {
  readonly id: string;
  readonly name?: string;
  readonly body?: string;
  readonly imports?: string;
  readonly manifest?: Readonly<Record<string, unknown>>;
}

export const ECHO: Made = {
  id: 'echo',
  name: 'Echo',
  body: '(func (export "say") (result i32) (call $log_info (call $input_offset)) (i32.const 0))',
  manifest: { config: { vowels: 'aeiou' }, defaultCall: { export: 'echo', input: '{"count":9}' } },
};

/** Its export `spin` is ended after `timeoutMs`. */
export const loopOf = (timeoutMs: number): Made => ({
  id: 'loop',
  name: 'Endless loop',
  manifest: { limits: { timeoutMs }, defaultCall: { export: 'spin' } },
});

/** Asks for something, and has to be granted it. */
export const ASKING: Made = {
  id: 'notes',
  name: 'Notes',
  manifest: { permissions: { kv: { reason: 'Your notes live there.' } } },
};

export async function exampleOf({ id, name = id, body, imports, manifest }: Made): Promise<Example> {
  return {
    folder: id,
    hostile: id === 'loop',
    sentence: `What ${name} shows`,
    id,
    name,
    version: '1.0.0',
    url: new URL('about:blank'),
    source: {
      wasm: await guest(body, imports),
      manifest: { cloche: 1, id, name, version: '1.0.0', ...manifest },
    },
  };
}

export async function filesOf(made: Made): Promise<File[]> {
  const { source } = await exampleOf(made);
  if (source instanceof File || source instanceof URL || source.wasm instanceof URL) throw new Error('Expected bytes');
  return [
    new File([new Uint8Array(source.wasm)], `${made.id}.wasm`),
    new File([JSON.stringify(source.manifest)], `${made.id}.json`),
  ];
}
