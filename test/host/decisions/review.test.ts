// What a person sees before anything of a version runs, and that the package which was seen is the one that is installed.

import { assert } from 'chai';
import type { Host, PermissionChange, PluginReview } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { textsOf } from '../../helpers/sentences.ts';
import { newSigner } from '../../helpers/signing.ts';
import { version } from '../../helpers/versions.ts';
import { wat } from '../../helpers/wat.ts';
import { windshiftZip } from '../../helpers/windshift.ts';
import { keysIn } from '../../registry/records.ts';

afterEach(closeHosts);

async function source(text: string, permissions: object = {}) {
  return { wasm: await version(`v${text}`), manifest: { cloche: 1, id: 'p', name: 'P', version: text, permissions } };
}

const brief = (changes: readonly PermissionChange[] = []): string[] =>
  changes.map(({ kind, capability }) => `${kind} ${capability}`);

describe('a review', () => {
  it('of a source shows what it is and asks for; nothing of it is installed, stored or run', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const loops = await wat('(module (func $f (loop $l (br $l))) (start $f))');
    const { manifest } = await source('1', { kv: { bytes: 100, reason: 'notes' } });
    const review = await host.review({ wasm: loops, manifest });
    assert.equal(review.manifest.version, '1');
    assert.match(review.sha256, /^[0-9a-f]{64}$/);
    assert.equal(review.signature.state, 'unsigned');
    assert.deepEqual(
      review.requests.map(({ capability, granted, given, reason }) => [capability, granted, textsOf(given), reason]),
      [['kv', true, ['Keep data of its own on this device, at most 100 bytes.'], 'notes']],
    );
    assert.deepEqual(brief(review.changes), ['added kv']);
    assert.isUndefined(review.replaces);
    assert.deepEqual(host.plugins, []);
    assert.deepEqual(await keysIn(storage), []);
  });

  it('of a source says what it may do and the installed plugin may not', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1', { kv: true, http: { allow: ['*.example.com'] } }));
    const next = await source('2', { http: { allow: ['https://api.example.com'] }, mail: { to: ['*@a.example'] } });
    const review = await host.review(next);
    assert.deepEqual(brief(review.changes), ['narrowed http', 'added mail', 'dropped kv']);
    assert.equal(review.replaces, '1');
    assert.equal(plugin.manifest.version, '1');
    assert.equal((await plugin.call('version')).text(), 'v1');
    assert.isUndefined(plugin.pending);
  });

  it('of a source is under the grant that it is to have, and of what would be new as that', async () => {
    const host = await makeHost();
    await host.install(await source('1', { kv: true }));
    const next = await source('2', { kv: true, mail: { to: ['*@a.example'] } });
    assert.deepEqual(brief((await host.review(next, { grant: { kv: true } })).changes), []);
    assert.deepEqual(brief((await host.review(next, { grant: 'none' })).changes), ['dropped kv']);
    const anew = await host.review(next, { replace: 'wipe' });
    assert.deepEqual([brief(anew.changes), anew.replaces], [['added mail', 'added kv'], undefined]);
    assert.isTrue(existing(host.get('p')).grants.has('kv'));
  });

  it('X8: of the update that waits says the same in every tab, and after a reload', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const plugin = await host.install(await source('1', { kv: true }));
    const next = await source('2', { mail: { to: ['*@a.example'] } });
    const seen = await host.review(next);
    assert.isUndefined(await plugin.review());
    await host.install(next, { replace: true });
    const review = existingReview(await plugin.review());
    assert.deepEqual(brief(review.changes), ['added mail', 'dropped kv']);
    assert.deepEqual(
      review.requests.map(({ capability, granted }) => [capability, granted]),
      [['mail', true]],
    );
    assert.deepEqual([review.sha256, review.replaces], [seen.sha256, '1']);
    assert.equal(review.sha256, plugin.pending?.sha256);
    const reloaded = existing((await makeHost({ storage })).get('p'));
    assert.deepEqual(await reloaded.review(), review);
    await plugin.configure({ grant: { kv: true, mail: { to: ['*@a.example'] } } });
    assert.deepEqual(brief((await plugin.review())?.changes), [], 'the grant by hand is kept, and gives the same');
    await plugin.accept(review.sha256);
    assert.isUndefined(await plugin.review());
  });

  it('of a package of another signer is refused, as its installation would be', async () => {
    const host = await makeHost();
    const first = await source('1');
    await host.install(first, { signature: await (await newSigner()).sign(first) });
    const next = await source('2');
    const signature = await (await newSigner()).sign(next);
    await rejectsCode('SIGNER_CHANGED', host.review(next, { signature }));
    assert.isUndefined((await host.review(next, { signature, replace: 'wipe' })).replaces);
  });

  it('of what cannot be read is refused, and leaves nothing', async () => {
    const host = await makeHost();
    await rejectsCode('SOURCE_INVALID', host.review(new TextEncoder().encode('no plugin')));
    await rejectsCode(
      'MODULE_REJECTED',
      host.review({ ...(await source('1')), wasm: await wat('(module (memory i64 1))') }),
    );
    await rejectsCode('MANIFEST_INVALID', host.review(await source('1', { kv: { bytes: 'many' } })));
    assert.equal((await host.population()).plugins, 0);
  });
});

describe('a pinned installation', () => {
  const pins: [what: string, make: (text: string) => Promise<Parameters<Host['install']>[0]>][] = [
    ['a module with a manifest', (text) => source(text)],
    ['a module alone', (text) => version(text)],
    ['a zip', async (text) => windshiftZip({ name: 'p', version: text }, {}, await guest())],
    ['a manifest that holds bytes', async (text) => ({ wasm: [{ data: await version(text) }] })],
  ];
  for (const [what, make] of pins) {
    it(`of ${what} takes the package that was shown and no other`, async () => {
      const storage = uniqueStorage();
      const host = await makeHost({ storage });
      const { sha256 } = await host.review(await make('1'));
      assert.notEqual((await host.review(await make('2'))).sha256, sha256);
      await rejectsCode('HASH_MISMATCH', host.install(await make('2'), { sha256 }), new RegExp(`accepted.*${sha256}`));
      await rejectsCode('HASH_MISMATCH', host.open(await make('2'), { sha256 }));
      assert.deepEqual(host.plugins, []);
      assert.deepEqual(await keysIn(storage), []);
      await host.install(await make('1'), { sha256 });
      assert.lengthOf(host.plugins, 1);
    });
  }

  it('of an update is no yes to what it asks for: that is `accept`, with the same hash', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1'));
    const next = await source('2', { kv: true });
    const { sha256 } = await host.review(next);
    await rejectsCode('HASH_MISMATCH', host.install(await source('3', { kv: true }), { replace: true, sha256 }));
    assert.isUndefined(plugin.pending);
    await host.install(next, { replace: true, sha256 });
    assert.equal(plugin.manifest.version, '1');
    await plugin.accept(sha256);
    assert.equal(plugin.manifest.version, '2');
  });

  it('takes no hash that is none', async () => {
    const host = await makeHost();
    for (const sha256 of ['', 'A'.repeat(64), 5]) {
      await rejectsCode('OPTION_INVALID', host.install(await source('1'), { sha256: sha256 as string }), /`sha256`/);
    }
  });
});

function existingReview(review: PluginReview | undefined): PluginReview {
  return review ?? assert.fail('no update waits');
}
