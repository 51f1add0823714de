// Signed plugins in a host: how each is signed, and that what one has stored goes to its signer only.

import { assert } from 'chai';
import {
  defineCapability,
  type Host,
  type HostOptions,
  type InstallOptions,
  log,
  type Plugin,
} from '../../../src/index.ts';
import { withSignature } from '../../../src/trust/signed-module.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, eventually, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { keeper, keeps } from '../../helpers/keeper.ts';
import { newSigner, type Signer } from '../../helpers/signing.ts';
import { wat } from '../../helpers/wat.ts';
import { makeZip } from '../../package/zip-maker.ts';
import { tamper } from '../../registry/records.ts';

afterEach(closeHosts);

type Bytes = Uint8Array<ArrayBuffer>;
const bytes = (text: string): Bytes => new TextEncoder().encode(text);

let ada: Signer;
/** The second key of the same publisher. */
let adaLater: Signer;
let eve: Signer;
let stranger: Signer;
before(async () => {
  [ada, adaLater, eve, stranger] = await Promise.all([newSigner(), newSigner(), newSigner(), newSigner()]);
});

const publishers = () => [
  { name: 'Ada', keys: [ada.key, adaLater.key] },
  { name: 'Eve', keys: [eve.key] },
];
const options = (storage = uniqueStorage()): HostOptions => ({
  storage,
  serviceWorker: '/cloche-sw.js',
  trust: { publishers: publishers() },
});

interface Wanted {
  readonly version?: string;
  readonly permissions?: object;
  readonly damage?: boolean;
}

/** A zip with a plugin that keeps what it is given. */
async function zipOf(signer: Signer | undefined, { version = '1', permissions = { kv: true }, damage }: Wanted = {}) {
  const manifest = { cloche: 1, id: 'keeper', name: 'Keeper', version, permissions, wasm: [{ path: 'keeper.wasm' }] };
  const files = [
    { name: 'manifest.json', data: bytes(JSON.stringify(manifest)) },
    { name: 'keeper.wasm', data: await keeper() },
    { name: 'page.html', data: bytes('<h1>Page</h1>') },
  ];
  if (!signer) return makeZip(files);
  const signature = { name: 'cloche-signature.json', data: bytes(await signer.sign(makeZip(files))) };
  if (damage) files[2] = { name: 'page.html', data: bytes('<h1>Evil</h1>') };
  return makeZip([...files, signature]);
}

/** A host where a plugin has stored `a`. */
async function hostWith(signer: Signer | undefined, given = options()): Promise<{ host: Host; plugin: Plugin }> {
  const host = await makeHost(given);
  const plugin = await host.install(await zipOf(signer));
  await plugin.call('set', 'a');
  return { host, plugin };
}

describe('a signed plugin', () => {
  it('is named by its publisher, in a zip, as a module and with a signature beside it', async () => {
    const host = await makeHost(options());
    const signed = { state: 'signed', publisher: 'Ada', key: ada.key } as const;
    assert.deepEqual((await host.install(await zipOf(ada))).signature, signed);
    const wasm = await keeper();
    const module = withSignature(wasm, bytes(await ada.sign(wasm)));
    assert.deepEqual((await host.install(module, { id: 'module' })).signature, signed);
    const signature = new Response(await ada.sign(wasm));
    assert.deepEqual((await host.open(wasm, { id: 'beside', signature })).signature, signed);
    assert.deepEqual((await host.open(wasm, { id: 'none' })).signature, { state: 'unsigned' });
  });

  it('X10: is `modified` where it was changed, and its log says so', async () => {
    const host = await makeHost(options());
    const plugin = await host.install(await zipOf(ada, { damage: true }));
    assert.deepEqual(plugin.signature, { state: 'modified' });
    assert.match(
      host
        .logs('keeper')
        .map(({ text }) => text)
        .join(),
      /changed after it was signed/,
    );
  });

  it('X10: cannot serve its signature to its pages, and has no file that was not signed', async () => {
    const host = await makeHost(options());
    const plugin = await host.install(await zipOf(ada));
    assert.deepEqual(
      plugin.manifest.assets.map(({ path }) => path),
      ['page.html'],
    );
    assert.isUndefined(await plugin.asset('cloche-signature.json'));
  });

  it('X11: stays signed over a reload and in another tab, by the publishers of each', async () => {
    const given = options();
    const { plugin } = await hostWith(ada, given);
    const again = await makeHost(given);
    assert.deepEqual(again.get('keeper')?.signature, plugin.signature);
    const without = await makeHost({ ...given, trust: { publishers: publishers().slice(1) } });
    assert.deepEqual(without.get('keeper')?.signature, { state: 'unknown-signer', key: ada.key });
  });

  it('rejects where it is not known whether its signature holds', async () => {
    const host = await makeHost(options());
    const signature = (await ada.sign(await zipOf(undefined))).replace('"version": 1', '"version": 2');
    await rejectsCode('SIGNATURE_UNREADABLE', host.install(await zipOf(undefined), { signature }));
    assert.isUndefined(host.get('keeper'));
  });
});

/** Changes what is stored of the plugin, and tells no tab. */
function inRecord(storage: string, change: (record: object) => object): Promise<void> {
  return tamper(storage, (objects) => {
    const request = objects.get(['record', 'keeper']);
    request.onsuccess = () => objects.put(change(request.result), ['record', 'keeper']);
  });
}

const pendingOf = ({ pending }: Plugin) => pending;

/** Who may update whose plugin: the state afterwards, or the code. */
const MATRIX: readonly [from: string, to: string, outcome: string][] = [
  ['ada', 'ada', 'signed'],
  ['ada', 'adaLater', 'signed'],
  ['ada', 'eve', 'SIGNER_CHANGED'],
  ['ada', 'stranger', 'SIGNER_CHANGED'],
  ['ada', 'nobody', 'SIGNER_CHANGED'],
  ['ada', 'damaged', 'SIGNATURE_INVALID'],
  ['stranger', 'stranger', 'unknown-signer'],
  ['stranger', 'ada', 'SIGNER_CHANGED'],
  ['stranger', 'nobody', 'SIGNER_CHANGED'],
  ['nobody', 'nobody', 'unsigned'],
  ['nobody', 'ada', 'signed'],
  ['nobody', 'stranger', 'unknown-signer'],
  ['nobody', 'damaged', 'SIGNATURE_INVALID'],
];

function signerOf(name: string): Signer | undefined {
  return new Map([
    ['ada', ada],
    ['adaLater', adaLater],
    ['eve', eve],
    ['stranger', stranger],
    ['damaged', ada],
  ]).get(name);
}

const nextOf = (name: string, wanted: Wanted = {}) =>
  zipOf(signerOf(name), { version: '2', damage: name === 'damaged', ...wanted });

/** What comes of it: the state of the signature, or the code of the error. */
const outcomeOf = (work: Promise<Plugin>): Promise<string> =>
  work.then(
    ({ signature }) => signature.state,
    ({ code }) => code,
  );

describe('an update', () => {
  for (const [from, to, outcome] of MATRIX) {
    it(`X11: by ${to} of a plugin by ${from}: ${outcome}`, async () => {
      const { host, plugin } = await hostWith(signerOf(from));
      const before = plugin.signature;
      assert.equal(await outcomeOf(host.install(await nextOf(to), { replace: true })), outcome);
      const isTaken = outcome === outcome.toLowerCase();
      assert.equal(host.get('keeper'), plugin);
      assert.equal(plugin.manifest.version, isTaken ? '2' : '1');
      if (!isTaken) assert.deepEqual(plugin.signature, before);
      assert.isTrue(await keeps(plugin, 'a'));
    });
  }

  it('X11: by somebody else begins empty with `wipe`, and then is his', async () => {
    const { host } = await hostWith(ada);
    const fresh = await host.install(await nextOf('eve'), { replace: 'wipe' });
    assert.equal(fresh.signature.publisher, 'Eve');
    assert.isFalse(await keeps(fresh, 'a'));
    assert.deepEqual(await host.orphans(), []);
    await rejectsCode('SIGNER_CHANGED', host.install(await nextOf('ada'), { replace: true }), /"Eve".*"Ada"/);
  });

  it('X11: that waits has its signature, and is accepted only where it is of the same signer then', async () => {
    const given = options();
    const { host, plugin } = await hostWith(ada, given);
    const wider = { permissions: { kv: true, http: { allow: ['https://example.com'] } } };
    await rejectsCode('SIGNER_CHANGED', host.install(await nextOf('eve', wider), { replace: true }));
    assert.isUndefined(pendingOf(plugin));
    await host.install(await nextOf('adaLater', wider), { replace: true });
    assert.deepEqual(pendingOf(plugin)?.signature, { state: 'signed', publisher: 'Ada', key: adaLater.key });
    assert.equal(plugin.signature.key, ada.key);

    // Another host knows the later key of nobody.
    const trust = { publishers: [{ name: 'Ada', keys: [ada.key] }] };
    const other = existing((await makeHost({ ...given, trust })).get('keeper'));
    await rejectsCode('SIGNER_CHANGED', other.accept(pendingOf(other)?.sha256 ?? ''));
    assert.equal(other.manifest.version, '1');

    await plugin.accept(pendingOf(plugin)?.sha256 ?? '');
    assert.deepEqual([plugin.manifest.version, plugin.signature.key], ['2', adaLater.key]);
    assert.isTrue(await keeps(plugin, 'a'));
  });

  it('X11: by somebody else does not even start', async () => {
    const { host } = await hostWith(ada);
    const files = [
      {
        name: 'manifest.json',
        data: bytes(JSON.stringify({ cloche: 1, id: 'keeper', name: 'K', wasm: [{ path: 'a.wasm' }] })),
      },
      { name: 'a.wasm', data: await wat('(module (func $f unreachable) (start $f))') },
    ];
    await rejectsCode('SIGNER_CHANGED', host.install(makeZip(files), { replace: true }));
  });

  for (const [what, asksNoMore] of [
    ['swapped in', true],
    ['staged', false],
  ] as const) {
    it(`X11: that would be ${what} is held to the signer that another tab has stored meanwhile`, async () => {
      const storage = uniqueStorage();
      // Asked while the update is under way.
      const covers = async () => {
        await inRecord(storage, (record) => ({ ...record, signature: eve.key }));
        return asksNoMore;
      };
      const memo = defineCapability({
        name: 'memo',
        functions: { memo: { params: [], call: () => undefined } },
        scope: { parse: (value) => value, describe: () => [], covers },
      });
      const host = await makeHost({ ...options(storage), capabilities: [log(), memo] });
      const wasm = await wat('(module (func (export "v")))');
      const source = (scope: string) => ({
        wasm,
        manifest: { cloche: 1, id: 'keeper', name: 'K', permissions: { memo: { scope } } },
      });
      const plugin = await host.install(source('a'));
      await rejectsCode('SIGNER_CHANGED', host.install(source('b'), { replace: true }));
      assert.isUndefined(pendingOf(plugin));
    });
  }

  it('X11: that was staged is held, when it is accepted, to the signer that another tab has stored meanwhile', async () => {
    const given = options();
    const { host, plugin } = await hostWith(undefined, given);
    await host.install(await nextOf('ada', { permissions: { kv: true, http: true } }), { replace: true });
    await inRecord(given.storage ?? '', (record) => ({ ...record, signature: eve.key }));
    await rejectsCode('SIGNER_CHANGED', plugin.accept(pendingOf(plugin)?.sha256 ?? ''));
    assert.equal(plugin.manifest.version, '1');
  });

  it('is followed by other tabs with its signature', async () => {
    const given = options();
    const { host } = await hostWith(undefined, given);
    const there = await makeHost(given);
    await host.install(await zipOf(ada), { replace: true });
    await eventually(() => there.get('keeper')?.signature.publisher === 'Ada', 'the signature');
  });

  it('X11: of an opened plugin finds nothing of another signer’s either', async () => {
    const host = await makeHost(options());
    await (await host.open(await zipOf(ada))).call('set', 'a');
    await rejectsCode('SIGNER_CHANGED', host.open(await zipOf(undefined), { replace: 'keep' }));
    assert.isTrue(await keeps(existing(host.get('keeper')), 'a'));
    assert.isTrue(await keeps(await host.open(await zipOf(adaLater), { replace: 'keep' }), 'a'));
  });
});

describe('data of a signed plugin that is gone', () => {
  const KEEP: InstallOptions = { data: 'keep' };

  async function afterUninstall(signer: Signer | undefined): Promise<Host> {
    const { host, plugin } = await hostWith(signer);
    await plugin.uninstall();
    return host;
  }

  for (const name of ['eve', 'stranger', 'nobody', 'damaged']) {
    it(`X11: is not there for ${name}, installed or opened, with \`data: 'keep'\``, async () => {
      const host = await afterUninstall(ada);
      const code = name === 'damaged' ? 'SIGNATURE_INVALID' : 'SIGNER_CHANGED';
      assert.equal(await outcomeOf(host.install(await nextOf(name), KEEP)), code);
      assert.equal(await outcomeOf(host.open(await nextOf(name), KEEP)), code);
      assert.isUndefined(host.get('keeper'));
      assert.lengthOf(await host.orphans(), 1);
      assert.isFalse(await keeps(await host.install(await nextOf(name)), 'a'));
    });
  }

  it('is there for its publisher, whichever key he signs with', async () => {
    const host = await afterUninstall(ada);
    assert.isTrue(await keeps(await host.install(await nextOf('adaLater'), KEEP), 'a'));
  });

  it('is its publisher’s own, though somebody else has had the id since', async () => {
    const host = await afterUninstall(ada);
    for (const name of ['nobody', 'eve']) {
      const other = await host.install(await nextOf(name));
      await other.call('set', name);
      await other.uninstall();
    }
    const plugin = await host.install(await nextOf('ada'), KEEP);
    assert.deepEqual([await keeps(plugin, 'a'), await keeps(plugin, 'nobody')], [true, false]);
  });

  it('X11: is not there for who replaces a record that cannot be read, unless he is its signer', async () => {
    for (const [signature, code] of [
      [ada.key, 'SIGNER_CHANGED'],
      ['odd', 'SIGNER_CHANGED'],
    ] as const) {
      const given = options();
      const { host } = await hostWith(ada, given);
      await host.close();
      await inRecord(given.storage ?? '', (record) => ({ ...record, enabled: 7, signature }));
      const again = await makeHost(given);
      assert.equal(await outcomeOf(again.install(await nextOf('eve'), { replace: true })), code);
      assert.equal(await outcomeOf(again.install(await nextOf('nobody'), { replace: true })), code);
      assert.deepEqual(
        again.unreadable.map(({ id }) => id),
        ['keeper'],
      );
      if (signature === 'odd')
        assert.isFalse(await keeps(await again.install(await nextOf('ada'), { replace: 'wipe' }), 'a'));
      else assert.isTrue(await keeps(await again.install(await nextOf('ada'), { replace: true }), 'a'));
    }
  });
});
