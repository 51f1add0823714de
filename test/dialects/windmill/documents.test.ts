// What plugins of Windmill import besides databases, from the guest to the page and back: documents, requests and programs.

import { assert } from 'chai';
import { defaultCapabilities, type HostOptions, type Plugin, windmillCapabilities } from '../../../src/index.ts';
import { decodeValues, encodeValues } from '../../../src/runtime/wire/component/values.ts';
import { referenceRelay } from '../../capabilities/reference-relay.ts';
import { canary } from '../../helpers/canary.ts';
import { component, MEMORY, WASI_FILESYSTEM } from '../../helpers/component.ts';
import { closeHosts, makeHost } from '../../helpers/hosts.ts';

const WIT = `package test:documents;
world plugin {
  import wasi:filesystem/preopens@0.2.0;
  import wasi:filesystem/types@0.2.0;
  import plugins-manager:documents-manager/documents;
  import plugins-manager:extra-services-manager/cli-service;
  import plugins-manager:extra-services-manager/request-service;
  export hash: func(bytes: list<u8>) -> result<list<u8>, string>;
  export render: func(template: string, variables: string) -> result<string, string>;
  export download: func(url: string) -> result<string, string>;
  export asset: func(name: string) -> result<string, string>;
  export sign: func(jar: string, pem: string, data: string) -> result<string, string>;
  export key-kind: func(file: string, password: string) -> result<s32, string>;
  export zip: func(file: string, url: string) -> result<_, string>;
  export write-and-upload: func(name: string) -> result<string, string>;
  export load-and-read: func(tenant: string, row: string) -> u32;
}
${WASI_FILESYSTEM}
package plugins-manager:documents-manager {
  interface documents {
    hash-sha256: func(bytes: list<u8>) -> result<list<u8>, string>;
    render-template-text: func(template-string: string, variables-map: string) -> result<string, string>;
    download-s3-file-to-string: func(file-url: string) -> result<string, string>;
    get-s3-public-asset-file-path: func(file-name: string) -> result<string, string>;
    run-shell-command-ecies-sign-data: func(java-jar-file: string, temp-pem-file-name: string, temp-data-file-name: string) -> result<string, string>;
    create-document-as-temp-file: func(tenant-id: string, document: string) -> result<string, string>;
    upload-and-return-document: func(file-size: u64, media-type: string, tenant-id: string, election-event-id: option<string>, name: string, document-id: option<string>, is-public: bool) -> result<string, string>;
  }
}
package plugins-manager:extra-services-manager {
  interface cli-service { get-pk12-id: func(p12-path: string, password: string) -> result<s32, string>; }
  interface request-service { send-zip: func(zip-path: string, uri: string) -> result<_, string>; }
}`;

const DOCUMENTS = 'plugins-manager:documents-manager/documents';
const EXTRA = 'plugins-manager:extra-services-manager';

/** Hands on as many numbers as it gets, and gives where the answer lies. */
const passes = (name: string, count: number): string => {
  const params = Array.from({ length: count }, (_, i) => `(local.get ${i})`).join(' ');
  return `(param ${'i32 '.repeat(count)}) (result i32) (call $${name} ${params} (i32.const 0)) (i32.const 0)`;
};

const MODULE = `(module
  (import "wasi:filesystem/preopens@0.2.0" "get-directories" (func $dirs (param i32)))
  (import "wasi:filesystem/types@0.2.0" "[method]descriptor.open-at" (func $open (param i32 i32 i32 i32 i32 i32 i32)))
  (import "wasi:filesystem/types@0.2.0" "[method]descriptor.write" (func $write (param i32 i32 i32 i64 i32)))
  (import "wasi:filesystem/types@0.2.0" "[method]descriptor.read" (func $read (param i32 i64 i64 i32)))
  (import "${DOCUMENTS}" "hash-sha256" (func $hash (param i32 i32 i32)))
  (import "${DOCUMENTS}" "render-template-text" (func $render (param i32 i32 i32 i32 i32)))
  (import "${DOCUMENTS}" "download-s3-file-to-string" (func $download (param i32 i32 i32)))
  (import "${DOCUMENTS}" "get-s3-public-asset-file-path" (func $asset (param i32 i32 i32)))
  (import "${DOCUMENTS}" "run-shell-command-ecies-sign-data" (func $sign (param i32 i32 i32 i32 i32 i32 i32)))
  (import "${DOCUMENTS}" "create-document-as-temp-file" (func $load (param i32 i32 i32 i32 i32)))
  (import "${DOCUMENTS}" "upload-and-return-document"
    (func $upload (param i64 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "${EXTRA}/cli-service" "get-pk12-id" (func $kind (param i32 i32 i32 i32 i32)))
  (import "${EXTRA}/request-service" "send-zip" (func $zip (param i32 i32 i32 i32 i32)))
  ${MEMORY}
  (data (i32.const 512) "text/plainT1E1!")
  (func (export "hash") ${passes('hash', 2)})
  (func (export "render") ${passes('render', 4)})
  (func (export "download") ${passes('download', 2)})
  (func (export "asset") ${passes('asset', 2)})
  (func (export "sign") ${passes('sign', 6)})
  (func (export "key-kind") ${passes('kind', 4)})
  (func (export "zip") ${passes('zip', 4)})
  (func $opened (param $name i32) (param $length i32) (param $flags i32) (result i32)
    (call $dirs (i32.const 64))
    (call $open (i32.load (i32.load (i32.const 64))) (i32.const 0) (local.get $name) (local.get $length)
      (local.get $flags) (i32.const 3) (i32.const 80))
    (if (i32.load8_u (i32.const 80)) (then unreachable))
    (i32.load offset=4 (i32.const 80)))
  (func (export "write-and-upload") (param $name i32) (param $length i32) (result i32)
    (call $write (call $opened (local.get $name) (local.get $length) (i32.const 1)) (i32.const 526) (i32.const 1)
      (i64.const 0) (i32.const 96))
    (call $upload (i64.const 1) (i32.const 512) (i32.const 10) (i32.const 522) (i32.const 2)
      (i32.const 1) (i32.const 524) (i32.const 2) (local.get $name) (local.get $length)
      (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0))
    (i32.const 0))
  (func (export "load-and-read") (param i32 i32 i32 i32) (result i32)
    (call $load (local.get 0) (local.get 1) (local.get 2) (local.get 3) (i32.const 128))
    (if (i32.load8_u (i32.const 128)) (then (return (i32.const 1000))))
    (call $read (call $opened (i32.load offset=4 (i32.const 128)) (i32.load offset=8 (i32.const 128)) (i32.const 0))
      (i64.const 1) (i64.const 0) (i32.const 96))
    (if (i32.load8_u (i32.const 96)) (then (return (i32.const 1001))))
    (i32.load8_u (i32.load offset=4 (i32.const 96)))))`;

const FILES = { read: { allowAll: true }, write: { allowAll: true } };
const HTTP = { allow: [canary.origin] };

type Answer = { readonly tag: 'ok' | 'err'; readonly val?: unknown };

describe('documents and services of Windmill', function () {
  this.timeout(120_000);
  afterEach(closeHosts);

  const uploaded: string[] = [];
  const options = async (): Promise<HostOptions> => ({
    capabilities: [
      ...defaultCapabilities(),
      ...(await windmillCapabilities({
        documents: {
          publicFiles: 'https://files.example/public/',
          load: async (row) => {
            if (row.id === 'lost') throw new Error('no route to /srv/secret');
            return new Blob(['?']);
          },
          upload: async ({ file, electionEventId, documentId, isPublic }, { tenantId, plugin }) => {
            const facts = [await file.text(), file.name, file.type, electionEventId, documentId, isPublic, tenantId];
            uploaded.push(JSON.stringify([...facts, plugin.id]));
            return { id: 'row' };
          },
        },
      })),
    ],
  });
  let isNone = false;
  const isDeaf = (): boolean => isNone;
  const start = async (grant: Record<string, unknown>): Promise<Plugin> => {
    const host = await makeHost(await options());
    isNone = host.environment.hostCalls === 'none';
    return host.open(await component(WIT, MODULE), { id: 'doc', grant });
  };
  const ask = async (plugin: Plugin, name: string, ...args: unknown[]): Promise<Answer> => {
    return decodeValues(await plugin.callWith(name, encodeValues(args)))[0] as Answer;
  };

  it('fills in templates and hashes, and says by name what is not offered', async () => {
    const plugin = await start({ documents: true, 'extra-services': true });
    if (isDeaf()) return;
    const bytes = new TextEncoder().encode('abc');
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    assert.deepEqual(await ask(plugin, 'hash', bytes), { tag: 'ok', val: hash });
    assert.equal((await ask(plugin, 'hash', new Uint8Array(200_000).fill(255))).tag, 'ok');
    assert.match(String((await ask(plugin, 'hash', new Uint8Array(300_000).fill(255))).val), /may have 1048576/);
    assert.deepEqual(await ask(plugin, 'render', '{{#each a}}<{{this}}>{{/each}}{{constructor}}', '{"a":["&"]}'), {
      tag: 'ok',
      val: '<&amp;>',
    });
    const err = async (name: string, ...args: unknown[]): Promise<string> => {
      const { tag, val } = await ask(plugin, name, ...args);
      assert.equal(tag, 'err', JSON.stringify(val));
      return val as string;
    };
    assert.match(await err('render', '{{', '{}'), /^Error rendering template text: Parse error/);
    assert.match(await err('render', '', '[]'), /^Error parsing variables map: /);
    assert.deepEqual(await ask(plugin, 'asset', 'a b/c.png'), {
      tag: 'ok',
      val: 'https://files.example/public/a%20b/c.png',
    });
    assert.match(await err('asset', '../c.png'), /^Error getting S3 public asset file path: /);
    assert.match(await err('download', canary.url('/hit/x')), /^Error downloading S3 file: .*`http`/);
    assert.match(await err('sign', 'a', 'b', 'c'), /`commands`/);
    assert.equal(
      await err('key-kind', 'a', 'b'),
      '`plugins-manager:extra-services-manager/cli-service/get-pk12-id` is not offered by this host',
    );
    assert.match(await err('zip', 'a', 'b'), /`http`/);
    await plugin.configure({ grant: {} });
    assert.match(await err('hash', bytes), /documents/);
  });

  it('shares its files with functions in the middle of a call, and no others', async () => {
    const plugin = await start({ documents: true, files: FILES });
    if (isDeaf()) return;
    assert.deepEqual(await ask(plugin, 'write-and-upload', 'a.txt'), { tag: 'ok', val: '{"id":"row"}' });
    assert.deepEqual(uploaded.splice(0), ['["!","a.txt","text/plain","E1",null,true,"T1","doc"]']);
    assert.equal((await ask(plugin, 'load-and-read', 'T1', '{"id":"1"}')) as unknown, 63);
    assert.equal((await ask(plugin, 'load-and-read', 'T1', '{"id":"lost"}')) as unknown, 1_000);
    await plugin.configure({ grant: { documents: true } });
    const { tag, val } = await ask(plugin, 'render', '{{a}}', '{"a":1}');
    assert.deepEqual([tag, val], ['ok', '1']);
    assert.equal((await ask(plugin, 'load-and-read', 'T1', '{"id":"1"}')) as unknown, 1_000);
  });

  it('downloads and sends within what is granted of requests', async () => {
    const plugin = await start({ documents: true, 'extra-services': true, files: FILES, http: HTTP });
    if (isDeaf()) return;
    const id = crypto.randomUUID();
    const { tag } = await ask(plugin, 'download', canary.url(`/hit/${id}`));
    assert.equal(tag, 'ok');
    const elsewhere = (await ask(plugin, 'download', 'https://other.example/')).val as string;
    assert.match(elsewhere, /^Error downloading S3 file: .*other\.example/);
    await ask(plugin, 'write-and-upload', 'a.zip');
    uploaded.length = 0;
    assert.deepEqual(await ask(plugin, 'zip', 'a.zip', canary.url(`/hit/${id}`)), { tag: 'ok' });
    assert.isAtLeast(await canary.count(id), 2);
    for (const name of ['/etc/passwd', '../x', 'a/../../x', '', 'none.zip']) {
      assert.equal((await ask(plugin, 'zip', name, canary.url(`/hit/${id}`))).tag, 'err', name);
    }
  });

  it('runs programs by the relay, by what is granted of commands', async () => {
    const { url, ...relay } = (await referenceRelay()).options;
    const host = await makeHost({ ...(await options()), relay: { url, ...relay } });
    const plugin = await host.open(await component(WIT, MODULE), {
      id: 'doc',
      grant: { documents: true, commands: { allow: ['java'] } },
    });
    if (host.environment.hostCalls === 'none') return;
    const said: string[] = [];
    host.addEventListener('log', ({ record }) => said.push(record.text));
    assert.deepEqual(await ask(plugin, 'sign', 'a.jar', 'k.pem', 'd'), { tag: 'err', val: 'Failed run shell command' });
    assert.isTrue(said.some((text) => text.includes('`java`')));
  });
});
