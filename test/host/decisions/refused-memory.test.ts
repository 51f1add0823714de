// M14: `alloc` answers 0 for what does not fit into `exchangeBytes`, no PDK looks, and 0 also means "nothing". Guests
// here do as PDKs do: they allocate, write into what they got, and hand it over.

import { assert } from 'chai';
import { defineCapability, type ErrorCode, type Host, http, kv, log, type Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { abiGuest, data, exported, imports } from '../../workers/extism/abi-guest.ts';
import { packageOf, saying, windshiftGuest } from '../windshift/guest.ts';

/** The kernel's memory is `exchangeBytes` and a page: beside an input as large as this, nothing of its size fits. */
const EXCHANGE_BYTES = 65_536;
const FULL = 'x'.repeat(EXCHANGE_BYTES);

/** As PDKs copy: `$text` of the guests' prelude, with as many bytes as do not fit. */
const WRITTEN = '(call $text (i32.const 0) (i32.const 65536))';
/** As hand-written guests and C do, which write elsewhere: only the offset. */
const UNWRITTEN = '(call $alloc (i64.const 65536))';
const KEY = '(call $text (i32.const 0) (i32.const 3))';
const URL_JSON = '{\\"url\\":\\"https://api.example.com/\\",\\"method\\":\\"PUT\\"}';
const REQUEST = `(call $text (i32.const 100) (i32.const ${JSON.parse(`"${URL_JSON}"`).length}))`;

const USER = imports(
  'extism:host/user',
  'kv_get: i64 -> i64; kv_set: i64 i64 -> i64; kv_delete: i64 -> i64; kv_list: i64 -> i64; ' +
    'bytes: i64; text: i64; json: i64; second: i32 i64',
);

/** Every way to hand a block over, by what stands for the block. */
const WAYS: Record<string, (block: string) => string> = {
  output: (block) => `(call $output_set ${block} (i64.const 65536))`,
  'output of no length': (block) => `(call $output_set ${block} (i64.const 0))`,
  error: (block) => `(call $error_set ${block})`,
  input: (block) => `(call $input_set ${block} (i64.const 65536))`,
  'config key': (block) => `(drop (call $config_get ${block}))`,
  'var key': (block) => `(drop (call $var_get ${block}))`,
  'var to set': (block) => `(call $var_set ${block} ${KEY})`,
  'var value': (block) => `(call $var_set ${KEY} ${block})`,
  'log line': (block) => `(call $log_info ${block})`,
  'http request': (block) => `(drop (call $http_request ${block} (i64.const 0)))`,
  'http body': (block) => `(drop (call $http_request ${REQUEST} ${block}))`,
  'kv key': (block) => `(drop (call $kv_set ${block} ${KEY}))`,
  'kv value': (block) => `(drop (call $kv_set ${KEY} ${block}))`,
  'kv key to delete': (block) => `(drop (call $kv_delete ${block}))`,
  'kv prefix': (block) => `(drop (call $kv_list ${block}))`,
  bytes: (block) => `(call $bytes ${block})`,
  text: (block) => `(call $text_of_app ${block})`,
  json: (block) => `(call $json ${block})`,
  'second argument': (block) => `(call $second (i32.const 1) ${block})`,
};

/** What a call ends with where nothing that it hands over may be lost. */
const CODES: Record<string, ErrorCode> = { output: 'OUTPUT_TOO_LARGE', 'output of no length': 'OUTPUT_TOO_LARGE' };

const BODY = `
  ${data({ 0: 'key', 40: 'small' })} (data (i32.const 100) "${URL_JSON}")
  ${exported('prepare', `(call $var_set ${KEY} ${KEY}) (drop (call $kv_set ${KEY} ${KEY}))`)}
  ${exported('var', `(call $out (call $var_get ${KEY}))`)}
  ${exported('kv', `(call $out (call $kv_get ${KEY}))`)}
  ${exported('keys', `(call $out (call $kv_list (call $text (i32.const 0) (i32.const 0))))`)}
  ${exported(
    'empty',
    `(call $out ${KEY}) (call $output_set (i64.const 0) (i64.const 0)) (call $error_set (i64.const 0))
     (call $bytes (i64.const 0)) (drop (call $http_request ${REQUEST} (i64.const 0)))`,
  )}
  ${exported(
    'looks',
    `(if (i64.eqz ${UNWRITTEN}) (then
     (call $var_set ${KEY} (call $text (i32.const 40) (i32.const 5)))
     (drop (call $kv_set ${KEY} (call $text (i32.const 40) (i32.const 5))))
     (call $bytes ${KEY}) (call $log_info ${KEY}) (call $second (i32.const 0) ${KEY})
     (call $out (call $text (i32.const 40) (i32.const 5)))))`,
  )}
  ${exported('fails', `(if (i64.eqz ${UNWRITTEN}) (then (call $error_set (call $text (i32.const 40) (i32.const 5)))))`)}
  ${exported('keeps to itself', `(call $out ${KEY}) (drop ${WRITTEN})`)}
  ${exported('starts over', `(drop ${UNWRITTEN}) (call $reset) (call $bytes (i64.const 0))`)}
  ${exported('exits', `(call $out ${KEY}) (drop ${WRITTEN}) (call $proc_exit (i32.const 0))`)}`;

/** As hand-written guests hand over a part of what they wrote. */
const INSIDE = '(i64.add (call $alloc (i64.const 65536)) (i64.const 8))';

const WRITERS = { 'written to': WRITTEN, 'not written to': UNWRITTEN, inside: INSIDE };

describe('M14: a block that was refused', () => {
  let host: Host;
  let plugin: Plugin;
  /** What left the guest: host functions of the app, and requests. */
  let left: string[] = [];

  const app = defineCapability({
    name: 'app',
    functions: {
      bytes: { params: ['bytes'], call: ([value]) => void left.push(`bytes ${value.length}`) },
      text: { params: ['text'], call: ([value]) => void left.push(`text ${value}`) },
      json: { params: ['json'], call: ([value]) => void left.push(`json ${value}`) },
      second: { params: ['i32', 'bytes'], call: ([first]) => void left.push(`second ${first}`) },
    },
  });
  const fetching = http({
    fetch: async (_url, init) => {
      left.push(`${init?.method} ${init?.body ? 'with' : 'without'} a body`);
      return new Response('ok');
    },
  });

  before(async () => {
    host = await makeHost({
      capabilities: [kv({ storage: uniqueStorage() }), fetching, app, log()],
      serviceWorker: '/cloche-sw.js',
    });
    const ways = Object.entries(WAYS).flatMap(([name, way]) =>
      Object.entries(WRITERS).map(([how, block]) => exported(`${name}, ${how}`, `(call $out ${KEY}) ${way(block)}`)),
    );
    const wasm = await abiGuest(
      BODY + ways.join('\n'),
      `${USER.replace('(func $text ', '(func $text_of_app ')} ${imports('wasi_snapshot_preview1', 'proc_exit: i32')}`,
    );
    plugin = await host.open(wasm, {
      id: 'careless',
      limits: { exchangeBytes: EXCHANGE_BYTES },
      grant: { kv: true, app: true, http: { allow: ['api.example.com'], methods: ['PUT'] }, log: true },
    });
  });
  beforeEach(() => {
    left = [];
  });
  after(closeHosts);

  for (const way of Object.keys(WAYS)) {
    for (const how of Object.keys(WRITERS)) {
      const code = CODES[way] ?? 'OUT_OF_MEMORY';
      it(`ends the call with ${code} as ${way}, ${how}: nothing is stored, deleted, sent or called`, async () => {
        const logged = host.logs('careless').length;
        await kept('prepare');
        await rejectsCode(code, plugin.call(`${way}, ${how}`, FULL), /65536 bytes were refused.*`exchangeBytes`/);
        assert.isEmpty(left);
        assert.lengthOf(host.logs('careless'), logged);
        assert.equal(await kept('var'), 'key');
        assert.equal(await kept('kv'), 'key');
        assert.equal(await kept('keys'), '["key"]');
      });
    }
  }

  async function kept(name: string): Promise<string> {
    return (await plugin.call(name)).text();
  }

  it('changes nothing where none was refused: 0 stays "nothing"', async () => {
    assert.equal((await plugin.call('empty')).text(), 'key');
    assert.deepEqual(left, ['bytes 0', 'PUT without a body']);
  });

  it('changes nothing for a plugin that looks, and goes on with what fits', async () => {
    assert.equal((await plugin.call('looks', FULL)).text(), 'small');
    assert.deepEqual(left, ['bytes 3', 'second 0']);
    assert.equal(await kept('kv'), 'small');
    assert.equal(await kept('var'), 'small');
    await rejectsCode('PLUGIN_ERROR', plugin.call('fails', FULL), /small/);
  });

  it('ends the call at its end where it was only written to: that may have overwritten the output', async () => {
    await rejectsCode('OUT_OF_MEMORY', plugin.call('keeps to itself', FULL));
    await rejectsCode('OUT_OF_MEMORY', plugin.call('exits', FULL));
  });

  it('stays refused after a `reset` of the guest', async () => {
    await rejectsCode('OUT_OF_MEMORY', plugin.call('starts over', FULL));
    assert.isEmpty(left);
  });

  it('is forgotten with its call', async () => {
    await rejectsCode('OUTPUT_TOO_LARGE', plugin.call('output, written to', FULL));
    assert.equal((await plugin.call('output, written to', '')).bytes().length, EXCHANGE_BYTES);
  });

  it('fails the start with OUT_OF_MEMORY where start functions go on with it', async () => {
    const wasm = await abiGuest(
      `(func (export "_initialize") (call $var_set ${KEY} (call $alloc (i64.const 200000))))`,
    );
    const starting = host.open(wasm, { id: 'starting', limits: { exchangeBytes: EXCHANGE_BYTES } });
    await rejectsCode('OUT_OF_MEMORY', starting, /200000 bytes were refused/);
  });
});

describe('M14: a block that was refused, in Windshift’s form', () => {
  let host: Host;
  before(async () => {
    host = await makeHost({ serviceWorker: '/cloche-sw.js' });
  });
  after(closeHosts);

  for (const [how, block] of Object.entries(WRITERS)) {
    it(`ends the call before kv, http and log are called: ${how}`, async () => {
      const wasm = await windshiftGuest(
        `${data({ 0: 'key' })}
         ${saying('stored', '{"key":"a","value":"1"}', 200)}
         (func (export "set") (result i32) (call $out (call $kv_set (call $input))) (i32.const 0))
         (func (export "get") (result i32) (call $out (call $kv_get (call $input))) (i32.const 0))
         ${exported('kv_set', `(call $out (call $kv_set ${block}))`)}
         ${exported('kv_delete', `(call $out (call $kv_delete ${block}))`)}
         ${exported('http_fetch', `(call $out (call $http_fetch ${block}))`)}
         ${exported('log', `(call $log ${block})`)}`,
      );
      const plugin = await host.install(packageOf({ name: `careless-${how.replaceAll(' ', '-')}` }, wasm), {
        limits: { exchangeBytes: EXCHANGE_BYTES },
      });
      await plugin.call('set', { key: 'a', value: '1' });
      for (const name of ['kv_set', 'kv_delete', 'http_fetch', 'log']) {
        await rejectsCode('OUT_OF_MEMORY', plugin.call(name, FULL), /65536 bytes were refused/);
      }
      assert.equal((await plugin.call('get', { key: 'a' })).text(), '{"status":"ok","value":"1"}');
    });
  }
});
