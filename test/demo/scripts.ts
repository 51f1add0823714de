// Plugins of the stand-in host: one that answers, one that asks, and the two hostile ones.

import type { Example } from '../../demo/playground/examples.ts';
import { ClocheError } from '../../src/errors.ts';
import type { Script, StandInCall } from './stand-in.ts';

export const countVowels: Script = {
  id: 'count-vowels',
  name: 'Count vowels',
  description: 'Counts the vowels of its input and keeps a total in its vars.',
  config: { vowels: 'aeiouAEIOU' },
  suggested: { export: 'count_vowels', input: 'Under glass, in plain sight, and apart.' },
  imports: [{ module: 'extism:host/env', name: 'input_load_u64', kind: 'function', type: '(i64) -> i64' }],
  exports: {
    count_vowels: ({ input, log, plugin }) => {
      log('info', `read ${input.length} bytes`);
      plugin.stats = { ...plugin.stats, use: { memoryBytes: 1_179_648, exchangeBytes: 65_536, varBytes: 61 } };
      const count = String(input).match(/[aeiou]/gi)?.length ?? 0;
      return JSON.stringify({ count, total: count, vowels: 'aeiouAEIOU' });
    },
    version: () => '1.0.0',
  },
};

export const notes: Script = {
  id: 'notes',
  name: 'Notes',
  description: 'Keeps notes in storage of its own.',
  asks: [
    {
      capability: 'kv',
      sentences: [{ text: 'Keep up to 1 MiB of data in this browser.' }],
      reason: 'Your notes live there.',
    },
  ],
  suggested: { export: 'add', input: '{"note":"Water the tomatoes"}' },
  exports: {
    add: ({ hostCall }) => {
      hostCall({ name: 'kv_read', durationMs: 0.6 });
      hostCall({ name: 'kv_write', durationMs: 1.9, requestBytes: 62, answerBytes: 0 });
      return '{"notes":[{"note":"Water the tomatoes"}]}';
    },
  },
};

export const loop: Script = {
  id: 'loop',
  name: 'Endless loop',
  description: 'Never comes back.',
  limits: { timeoutMs: 600 },
  suggested: { export: 'spin', input: '' },
  exports: { spin: spin, hello: () => 'hello' },
};

export const memoryBomb: Script = {
  id: 'memory-bomb',
  name: 'Memory bomb',
  description: 'Takes all the memory it can get.',
  suggested: { export: 'grow', input: '' },
  exports: {
    grow: async () => {
      throw new ClocheError('OUT_OF_MEMORY', 'Plugin `memory-bomb` trapped after its memory had reached 64 MiB', {
        detail: 'unreachable',
        wasmStack: ['grow', 'fill'],
      });
    },
  },
};

/** A plugin with a page and routes, and without the server that it needs. */
export const board: Script = {
  id: 'board',
  name: 'Board',
  contributions: [
    {
      point: 'admin.tab',
      id: 'board',
      label: 'Board',
      description: '',
      icon: undefined,
      component: 'index.html',
      styles: undefined,
      group: undefined,
      order: undefined,
    },
  ],
  assets: { 'index.html': '<p>The board</p><script>parent.postMessage({ type: "plugin:ready" }, "*")</script>' },
  routes: [
    { method: 'POST', path: '/cards', description: 'Adds a card' },
    { method: 'GET', path: '/cards/*', description: '' },
    { method: '', path: '/any', description: '' },
  ],
  answer: async (request) =>
    Response.json(
      { at: new URL(request.url).pathname, method: request.method, body: await request.text() },
      { status: 201, headers: { 'X-From': '<i>board</i>' } },
    ),
  needsServer: { mail: 'Sending mail needs a server.' },
  exports: { handle_request: () => '{}' },
};

export const SCRIPTS = [countVowels, notes, loop, memoryBomb, board];

export function exampleOf(script: Script, hostile = false): Example {
  return {
    folder: script.id,
    hostile,
    sentence: script.description ?? '',
    id: script.id,
    name: script.name ?? script.id,
    version: '1.0.0',
    url: new URL('about:blank'),
    source: { wasm: new URL('about:blank'), manifest: { id: script.id } },
  };
}

export const EXAMPLES = [exampleOf(countVowels), exampleOf(notes), exampleOf(loop, true), exampleOf(memoryBomb, true)];

/** Ends as a killed call does: by the deadline, or by the caller. */
async function spin({ plugin, signal }: StandInCall): Promise<never> {
  const killed = await new Promise<ClocheError>((end) => {
    const timer = setTimeout(
      () => end(new ClocheError('TIMEOUT', 'Export `spin` of plugin `loop` ran longer than 600 ms')),
      plugin.limits.timeoutMs,
    );
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      end(new ClocheError('ABORTED', 'The call of `spin` was aborted'));
    });
  });
  plugin.stats = { ...plugin.stats, kills: plugin.stats.kills + 1 };
  throw killed;
}
