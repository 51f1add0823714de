import { assert } from 'chai';
import type { PluginManifest } from '../../../src/manifest/plugin-manifest.ts';
import { codeOf, readManifest } from '../../helpers/dialects.ts';

const MANIFEST = {
  name: 'x',
  version: '1',
  description: 'manifest',
  author: 'Ada',
  routes: [{ method: 'GET', path: '/manifest' }],
  extensions: [{ point: 'admin.tab', id: 'a', label: 'A' }],
};

interface Said {
  get_metadata?: unknown;
  get_routes?: unknown;
}

/** What becomes of {@link MANIFEST} when the plugin says so: text as it is, anything else as JSON. */
async function completed(said: Said, manifest: object = MANIFEST) {
  const { hint: _, warnings: __, modules: ___, ...draft } = await readManifest(manifest, { mainGiven: true });
  const before = { ...draft, id: draft.id ?? '', name: draft.name ?? '', modules: [], assets: [] };
  const asked: string[] = [];
  const notes: string[] = [];
  const after = await (await codeOf('windshift')).complete?.(before, {
    async ask(name) {
      asked.push(name);
      const value = said[name as keyof Said];
      if (value === undefined) return undefined;
      return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
    },
    askWith: () => Promise.reject(new Error('Expected a question with an input')),
    exports: async () => [],
    imports: async () => [],
    canWait: true,
    note: (text) => notes.push(text),
  });
  if (!after) throw new Error('Expected Windshift to complete manifests');
  return { before, after, asked, notes };
}

const paths = ({ routes }: PluginManifest) => routes.map(({ path }) => path);
const ids = ({ contributions }: PluginManifest) => contributions.map(({ id }) => id);
const METADATA_ROUTES = { get_metadata: { routes: [{ path: '/metadata' }] } };

describe('get_metadata and get_routes', () => {
  it('WS7, WS17: are asked in this order, and change nothing when they are missing or say nothing', async () => {
    for (const said of [{}, { get_metadata: '', get_routes: '' }]) {
      const { before, after, asked, notes } = await completed(said);
      assert.deepEqual(after, before);
      assert.deepEqual([asked, notes], [['get_metadata', 'get_routes'], []]);
    }
  });

  it('replaces what is not empty, and leaves the id and what it may not say', async () => {
    const get_metadata = { NAME: 'New name', version: '2', description: '', author: null, id: 'y', webhooks: [{}] };
    const { before, after, notes } = await completed({ get_metadata });
    assert.deepEqual(after, { ...before, name: 'New name', version: '2' });
    assert.deepEqual(notes, []);
  });

  it('lets extensions follow those of the manifest, duplicates included', async () => {
    const extensions = [
      { id: 'a', point: 'admin.tab', label: 'A' },
      { id: 'b', styles: 'b.css', order: 2 },
    ];
    const { after } = await completed({ get_metadata: { extensions } });
    assert.deepEqual(ids(after), ['a', 'a', 'b']);
    const { component, styles, order } = after.contributions[2] ?? {};
    assert.deepEqual([component, styles, order], [undefined, 'b.css', 2]);
  });

  it('asks for dialogs when only the metadata has an extension', async () => {
    const { before, after } = await completed({ get_metadata: { extensions: [{}] } }, { name: 'x' });
    assert.deepEqual(before.permissions, []);
    assert.deepEqual(
      after.permissions.map(({ capability }) => capability),
      ['dialogs'],
    );
  });

  const routes: [what: string, said: Said, paths: string[]][] = [
    ['a list of `get_routes`', { ...METADATA_ROUTES, get_routes: [{ path: '/a' }, { path: '/b' }] }, ['/a', '/b']],
    ['`{ routes }` of `get_routes`', { ...METADATA_ROUTES, get_routes: { routes: [{ path: '/a' }] } }, ['/a']],
    ['keys in any case', { get_routes: { Routes: [{ PATH: '/a' }] } }, ['/a']],
    ["the manifest's for no JSON", { ...METADATA_ROUTES, get_routes: 'oops' }, ['/manifest']],
    ["the manifest's for an empty list", { ...METADATA_ROUTES, get_routes: [] }, ['/manifest']],
    ["the manifest's for empty `routes`", { ...METADATA_ROUTES, get_routes: { routes: [] } }, ['/manifest']],
    ["the manifest's for null", { ...METADATA_ROUTES, get_routes: 'null' }, ['/manifest']],
    ["the manifest's for a wrong type", { ...METADATA_ROUTES, get_routes: [{ path: 1 }] }, ['/manifest']],
    ["the metadata's where `get_routes` says nothing", { ...METADATA_ROUTES, get_routes: '' }, ['/metadata']],
    ["the metadata's where there is no `get_routes`", METADATA_ROUTES, ['/metadata']],
    ["the manifest's where neither has any", { get_metadata: { routes: [] } }, ['/manifest']],
    ["the manifest's where the metadata cannot be read", { get_metadata: '{"routes":[{"path":"/a"}]' }, ['/manifest']],
  ];
  for (const [what, said, expected] of routes) {
    it(`takes ${what}`, async () => assert.deepEqual(paths((await completed(said)).after), expected));
  }

  const hostile: [what: string, said: Said, wording: RegExp][] = [
    ['metadata of a wrong type', { get_metadata: { name: 'y', version: 2 } }, /get_metadata.*PluginMetadata\.version/],
    ['metadata that is a list', { get_metadata: [] }, /get_metadata.*array/],
    ['a name without end', { get_metadata: { name: 'x'.repeat(201) } }, /get_metadata.*`name`/],
    ['control characters', { get_metadata: { author: 'a\u001b' } }, /get_metadata.*`author`/],
    ['a label without end', { get_metadata: { extensions: [{ label: 'x'.repeat(256) }] } }, /extensions\[0\]\.label/],
    ['501 extensions', { get_metadata: { extensions: Array.from({ length: 501 }, () => ({})) } }, /has 501 items/],
    ['501 routes', { get_routes: Array.from({ length: 501 }, () => ({ path: '/' })) }, /get_routes.*has 501 items/],
    ['P2: a bomb', { get_metadata: `{"x":${'['.repeat(900_000)}` }, /depth/],
    ['P2: 2 MiB', { get_metadata: ' '.repeat(2 << 20) }, /2097152 bytes/],
    ['P1: other objects', { get_metadata: '{"__proto__":{"name":"y"},"version":1}' }, /version/],
  ];
  for (const [what, said, wording] of hostile) {
    it(`adds nothing for ${what}, and says so`, async () => {
      const { before, after, notes } = await completed(said);
      assert.deepEqual(after, before);
      assert.lengthOf(notes, 1);
      assert.match(notes[0] ?? '', wording);
    });
  }
});
