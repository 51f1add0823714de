// The admin API of Windshift, as far as it makes sense in a page.

import { assert } from 'chai';
import { defaultDialects } from '../../../../src/dialects/index.ts';
import type { ManagedHost } from '../../../../src/extensions/context.ts';
import { fetchFromHost } from '../../../../src/extensions/host-fetch.ts';
import { ClocheError } from '../../../../src/index.ts';
import type { InstallOptions } from '../../../../src/options.ts';
import { StandIn, standInHost } from '../../../extensions/stand-in.ts';

const KNOWN = await defaultDialects();

async function asked(host: ManagedHost, path: string, init?: RequestInit): Promise<[number, unknown]> {
  const response = await fetchFromHost({ host, dialects: async () => KNOWN, say: () => undefined }, path, init);
  assert.equal(response.headers.get('content-type'), 'application/json');
  return [response.status, await response.json()];
}

const SUCCESS = (message: string): [number, unknown] => [200, { status: 'success', message }];

describe('GET /api/plugins', () => {
  it('is null when there is no plugin', async () => {
    assert.deepEqual(await asked(standInHost([]), '/api/plugins'), [200, null]);
  });

  it('lists the installed plugins by name, then those that are only open', async () => {
    const host = standInHost([
      new StandIn({ id: 'open', installedAt: undefined }),
      new StandIn({ id: 'b', active: false }),
      new StandIn({
        id: 'a',
        name: 'The name that it shows',
        routes: [{ path: '/x', description: 'about x' }],
        contributions: [{ component: 'index.html', order: 2 }],
      }),
    ]);
    const [status, list] = await asked(host, '/api/plugins');
    assert.equal(status, 200);
    const common = { version: '1.2.3', description: 'about it', author: 'somebody' };
    assert.deepEqual(list, [
      {
        id: 2,
        name: 'a',
        ...common,
        enabled: true,
        routes: [{ method: 'GET', path: '/x', description: 'about x' }],
        extensions: [
          {
            point: 'admin.tab',
            id: 'tab',
            label: 'Tab',
            description: '',
            component: 'index.html',
            order: 2,
            pluginName: 'a',
          },
        ],
        installed_at: '2023-11-14T22:13:20.000Z',
      },
      { id: 1, name: 'b', ...common, enabled: false, routes: [], installed_at: '2023-11-14T22:13:20.000Z' },
      { id: 0, name: 'open', ...common, enabled: true, routes: [], installed_at: '' },
    ]);
  });
});

describe('GET /api/plugins/extensions', () => {
  it('has what enabled plugins add to any point, and a group where they name one', async () => {
    const plugins = [
      new StandIn({
        id: 'a',
        contributions: [
          {},
          { point: 'nobody.has-it', group: 'Work', icon: 'code' },
          { group: 'Plugins', label: 'Second', styles: 'page.css' },
        ],
      }),
      new StandIn({ id: 'off', active: false, contributions: [{}] }),
    ];
    const tab = { id: 'tab', label: 'Tab', description: '', component: '', pluginName: 'a' };
    assert.deepEqual(await asked(standInHost(plugins), '/api/plugins/extensions'), [
      200,
      {
        'admin.tab': [
          { point: 'admin.tab', ...tab },
          { point: 'admin.tab', ...tab, label: 'Second', styles: 'page.css', group: 'Plugins' },
        ],
        'nobody.has-it': [{ point: 'nobody.has-it', ...tab, icon: 'code', group: 'Work' }],
      },
    ]);
  });

  it('is an empty object where nobody adds anything', async () => {
    assert.deepEqual(await asked(standInHost([]), '/api/plugins/extensions'), [200, {}]);
  });
});

describe('PUT /api/plugins/{name}/toggle', () => {
  const toggled = async (body: string | undefined, plugin = new StandIn()): Promise<[unknown, string[]]> => {
    const init = { method: 'PUT', ...(body !== undefined && { body }) };
    const answer = await asked(standInHost([plugin]), '/api/plugins/shortcut/toggle', init);
    return [answer, plugin.acts];
  };

  it('switches a plugin on and off', async () => {
    assert.deepEqual(await toggled('{"enabled":true}'), [[200, { status: 'success', enabled: true }], ['enable']]);
    assert.deepEqual(await toggled('{"Enabled":false}'), [[200, { status: 'success', enabled: false }], ['disable']]);
  });

  it('takes what is absent for false, as Go does', async () => {
    assert.deepEqual(await toggled('{}'), [[200, { status: 'success', enabled: false }], ['disable']]);
  });

  for (const body of [undefined, '', 'x', '{"enabled":"yes"}', '[]']) {
    it(`is 400 for the body ${JSON.stringify(body)}`, async () => {
      const answer: [number, unknown] = [400, { error: 'Invalid request body', code: 'INVALID_INPUT' }];
      assert.deepEqual(await toggled(body), [answer, []]);
    });
  }

  it('says why it failed', async () => {
    const plugin = new StandIn();
    plugin.enable = () => Promise.reject(new ClocheError('STORAGE_FAILED', 'the disk is full'));
    const failed = { error: 'Internal server error', code: 'INTERNAL_ERROR', details: 'the disk is full' };
    assert.deepEqual((await toggled('{"enabled":true}', plugin))[0], [500, failed]);
  });
});

describe('POST /api/plugins/{name}/reload and DELETE /api/plugins/{name}', () => {
  it('start a plugin afresh', async () => {
    const plugin = new StandIn();
    const answer = await asked(standInHost([plugin]), '/api/plugins/shortcut/reload', { method: 'POST' });
    assert.deepEqual(answer, SUCCESS('Plugin reloaded successfully'));
    assert.deepEqual(plugin.acts, ['reset', 'start']);
  });

  it('leave a plugin off that is off', async () => {
    const plugin = new StandIn({ active: false });
    const answer = await asked(standInHost([plugin]), '/api/plugins/shortcut/reload', { method: 'POST' });
    assert.deepEqual(answer, SUCCESS('Plugin reloaded successfully'));
    assert.deepEqual(plugin.acts, ['reset']);
  });

  it('remove a plugin', async () => {
    const plugin = new StandIn();
    const answer = await asked(standInHost([plugin]), '/api/plugins/shortcut', { method: 'DELETE' });
    assert.deepEqual(answer, SUCCESS('Plugin deleted successfully'));
    assert.deepEqual(plugin.acts, ['uninstall']);
  });

  it('say that there is no such plugin', async () => {
    const missing: [number, unknown] = [
      500,
      { error: 'Internal server error', code: 'INTERNAL_ERROR', details: 'plugin nobody not found' },
    ];
    const host = standInHost([]);
    assert.deepEqual(await asked(host, '/api/plugins/nobody', { method: 'DELETE' }), missing);
    assert.deepEqual(await asked(host, '/api/plugins/nobody/reload', { method: 'POST' }), missing);
    const body = '{"enabled":true}';
    assert.deepEqual(await asked(host, '/api/plugins/nobody/toggle', { method: 'PUT', body }), missing);
  });
});

describe('POST /api/plugins/upload', () => {
  interface Installed {
    readonly source: unknown;
    readonly options: InstallOptions;
  }

  async function uploaded(
    parts: Readonly<Record<string, File | string>>,
    install?: () => Promise<unknown>,
  ): Promise<{ answer: [number, unknown]; installed: Installed[] }> {
    const installed: Installed[] = [];
    const body = new FormData();
    for (const [name, part] of Object.entries(parts)) body.set(name, part);
    const host = standInHost([], {
      install: async (source, options) => {
        installed.push({ source, options });
        await install?.();
      },
    });
    return { answer: await asked(host, '/api/plugins/upload', { method: 'POST', body }), installed };
  }

  it('installs a package, in place of the one that is there', async () => {
    const { answer, installed } = await uploaded({ plugin: new File(['zip'], 'a.zip') });
    assert.deepEqual(answer, SUCCESS('Plugin uploaded successfully'));
    assert.lengthOf(installed, 1);
    const [{ source, options }] = installed as [Installed];
    assert.isTrue(options.replace);
    assert.equal(await (source as File).text(), 'zip');
    assert.isUndefined(options.grant, 'what its manifest asks for, within the policy');
  });

  for (const manifest of ['{"name":"a"}', new File(['{"name":"a"}'], 'manifest.json')]) {
    it(`installs a module with its manifest as ${typeof manifest === 'string' ? 'text' : 'a file'}`, async () => {
      const { answer, installed } = await uploaded({ plugin: new File(['wasm'], 'a.wasm'), manifest });
      assert.deepEqual(answer, SUCCESS('Plugin uploaded successfully'));
      const source = installed[0]?.source as { wasm: File; manifest: string };
      assert.equal(await source.wasm.text(), 'wasm');
      assert.equal(source.manifest, '{"name":"a"}');
    });
  }

  const refusals: [parts: Readonly<Record<string, File | string>>, error: string][] = [
    [{ other: 'x' }, 'Missing plugin file'],
    [{ plugin: 'no file' }, 'Missing plugin file'],
    [{ plugin: new File([], 'a.ZIP') }, 'Unsupported file type. Upload .wasm or .zip files'],
    [{ plugin: new File([], 'a.tar'), manifest: '{}' }, 'Unsupported file type. Upload .wasm or .zip files'],
    [{ plugin: new File([], 'a.wasm') }, 'Missing manifest.json for WASM upload'],
  ];
  for (const [parts, error] of refusals) {
    it(`is 400 \`${error}\` for ${Object.entries(parts).map(([name, part]) => `${name}: ${typeof part === 'string' ? part : part.name}`)}`, async () => {
      const { answer, installed } = await uploaded(parts);
      assert.deepEqual(answer, [400, { error, code: 'INVALID_INPUT' }]);
      assert.isEmpty(installed);
    });
  }

  it('is 400 for what is not a form', async () => {
    const init = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } };
    const failed: [number, unknown] = [400, { error: 'Failed to parse form', code: 'INVALID_INPUT' }];
    assert.deepEqual(await asked(standInHost([]), '/api/plugins/upload', init), failed);
  });

  it('tells who uploads what is wrong with the package, and of other faults as such', async () => {
    const parts = { plugin: new File(['zip'], 'a.zip') };
    const rejected = new ClocheError('PACKAGE_REJECTED', 'Entry "../x" climbs out of the package');
    const { answer } = await uploaded(parts, () => Promise.reject(rejected));
    assert.deepEqual(answer, [400, { error: rejected.message, code: 'INVALID_INPUT' }]);
    const full = new ClocheError('STORAGE_FAILED', 'the disk is full');
    const other = await uploaded(parts, () => Promise.reject(full));
    const details = { error: 'Internal server error', code: 'INTERNAL_ERROR', details: 'the disk is full' };
    assert.deepEqual(other.answer, [500, details]);
  });
});

describe('plugins that are switched off as a whole', () => {
  it('answer 403 to everything, whoever is asked', async () => {
    const host = standInHost([new StandIn({ routes: [{ path: '/x' }] })], { disabled: true });
    const asks: [path: string, method: string][] = [
      ['/api/plugins', 'GET'],
      ['/api/plugins/extensions', 'GET'],
      ['/api/plugins/upload', 'POST'],
      ['/api/plugins/shortcut/x', 'GET'],
      ['/api/plugins/shortcut/assets/index.html', 'GET'],
      ['/api/plugins/shortcut/toggle', 'PUT'],
    ];
    for (const [path, method] of asks) {
      const answer: [number, unknown] = [403, { error: 'Plugin system is disabled', code: 'PLUGINS_DISABLED' }];
      assert.deepEqual(await asked(host, path, { method }), answer, path);
    }
  });
});
