// A plugin system that nobody has, to show what the seam can say. Nothing but this folder knows of it, and its guests use the
// built-in ABI, in text: `(;fake;)` and a module.

import type { Dialect, DialectCode } from '../../../src/index.ts';
import { bareDraft } from '../../../src/manifest/manifest-draft.ts';
import { liveContributions } from '../../../src/manifest/read-contributions.ts';
import { wat } from '../../helpers/wat.ts';

const MARK = '(;fake;)';

const code: DialectCode = {
  read: (evidence) => ({
    ...bareDraft('fake'),
    ...(evidence.kind === 'manifest' && { id: String(evidence.manifest.fake) }),
    routes: [{ method: '', path: '/run', description: '' }],
    subscriptions: [{ id: 'all', events: ['saved'], handler: 'echo' }],
  }),
  module: (file) => (isText(file) ? wat(new TextDecoder().decode(file)) : file),
  tellsId: true,
  async complete(manifest, plugin) {
    const answer = await plugin.ask('who', new TextEncoder().encode('you'));
    return { ...manifest, id: new TextDecoder().decode(answer), version: 'told' };
  },
  guest: () => ({ abi: 'extism', instance: 'persistent', afterTrap: 'discard', start: [], wasi: 'preview1' }),
  wasi: (grants) => (grants.has('wasi') ? 'full' : 'none'),
  requests: (_manifest, imported) =>
    imported.map(({ name }) => ({ capability: name, scope: undefined, reason: undefined })),
  functions: (services, live) => [
    {
      name: 'define_command',
      capability: 'commands',
      params: ['text'],
      call([id], { plugin }) {
        live.add(plugin.id, liveContributions({ contributions: [{ point: 'command', id, label: String(id) }] }));
      },
    },
    ...(services.get('kv')?.kv
      ? [
          {
            name: 'remember',
            capability: 'kv',
            namespace: 'fake:store',
            params: ['text'],
            result: 'i32',
            async call([text]: readonly unknown[], context) {
              const bytes = new TextEncoder().encode(String(text));
              return (await services.get('kv')?.kv?.set('last', bytes, context)) ? 1 : 0;
            },
          } as const satisfies ReturnType<NonNullable<DialectCode['functions']>>[number],
        ]
      : []),
  ],
};

export const fake: Dialect = {
  name: 'fake',
  label: 'Fake',
  marks: '`fake`',
  recognise(evidence) {
    const isIts = evidence.kind === 'bytes' ? isText(evidence.bytes) : 'fake' in evidence.manifest;
    return isIts ? 'mark' : undefined;
  },
  load: async () => code,
  http: {
    prefix: '/fake',
    load: async () => ({
      route: async (request) => ({
        export: 'echo',
        input: await request.text(),
        answer: async (output: Uint8Array) => new Response(`<${new TextDecoder().decode(output)}>`),
      }),
      page: async () => new Response('page'),
      site: async ({ host }) => Response.json(host.plugins.map(({ id }) => id)),
    }),
  },
  handlers: {
    event: (event, payload, { plugin }) => ({ input: `${plugin}: ${event} ${JSON.stringify(payload)}` }),
    schedule: ({ id }) => ({ input: id }),
  },
  page: async () => ({
    read: (data) => (data === 'up' ? { type: 'ready' } : undefined),
    write: (message) => ({ fake: message.type }),
  }),
};

/** The same system, whose exports take arguments and give results. */
export const fakeWithArguments: Dialect = {
  ...fake,
  load: async () => ({
    ...code,
    async complete(manifest, plugin) {
      const [id] = (await plugin.askWith('who', [1, 2n])) ?? [];
      return { ...manifest, id: id instanceof Uint8Array ? new TextDecoder().decode(id) : 'silent' };
    },
  }),
  http: {
    load: async () => ({
      route: async (request) => ({
        export: 'echo',
        args: [request.method.length],
        answer: async ([value]: readonly unknown[]) => new Response(`<${value}>`),
      }),
      page: async () => new Response('page'),
    }),
  },
  handlers: {
    event: (event) => ({ args: [event.length, 1n] }),
    schedule: ({ everyMs }) => ({ args: [everyMs] }),
  },
};

function isText(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, MARK.length)) === MARK;
}
