// `npx cloche`, end to end: makes keys, signs packages of every kind, and says who has signed them.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { unzipSync, type ZippableFile, zipSync } from 'fflate';
import { run } from '../../../cli/main.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const WASM = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const MANIFEST = JSON.stringify({ cloche: 1, id: 'demo', name: 'Demo', version: '1', wasm: [{ path: 'demo.wasm' }] });
const FILES: Record<string, Uint8Array> = {
  'manifest.json': text(MANIFEST),
  'demo.wasm': WASM,
  'assets/index.html': text('<h1>Demo</h1>'),
  // What is as easy to pack would be taken for a zip bomb.
  'assets/zeros.bin': new Uint8Array(2 << 20),
};

let root: string;
let folder: string;
let key: string;
let ada: string;
let eve: string;

before(() => {
  root = mkdtempSync(join(tmpdir(), 'cloche-cli-'));
});
after(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
beforeEach(async () => {
  folder = join(root, `${count++}`);
  mkdirSync(folder);
  key = at('ada.pem');
  ada = (await cloche('keygen', key)).out;
  eve = (await cloche('keygen', at('eve.pem'))).out;
});

const at = (...names: string[]): string => join(folder, ...names);

async function cloche(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(args, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

function write(path: string, files: Record<string, Uint8Array> = FILES): string {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(at(path, name)), { recursive: true });
    writeFileSync(at(path, name), bytes);
  }
  return at(path);
}

function zip(name: string, files: Record<string, Uint8Array> = FILES, options = {}): string {
  writeFileSync(at(name), zipSync(files, { level: 0, ...options }));
  return at(name);
}

/** The state that it says, and the code that it ends with. */
async function verified(path: string, ...args: string[]): Promise<[state: string | undefined, code: number]> {
  const { out, code } = await cloche('verify', path, ...args);
  return [out.split(' ')[0], code];
}

describe('cloche keygen', () => {
  it('makes a private key that nobody else can read, and prints the public one', () => {
    assert.match(ada, /^ed25519:[\w-]{43}$/);
    assert.notEqual(ada, eve);
    assert.equal(statSync(key).mode & 0o777, 0o600);
    const der = execFileSync('openssl', ['pkey', '-in', key, '-pubout', '-outform', 'DER']);
    assert.equal(der.subarray(-32).toString('base64url'), ada.slice(8));
  });

  it('writes over nothing', async () => {
    const before = readFileSync(key, 'utf8');
    const { code, out, err } = await cloche('keygen', key);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /is there already.*name another file/);
    assert.equal(readFileSync(key, 'utf8'), before);
  });
});

describe('cloche sign', () => {
  it('signs a zip in its place, and keeps what is in it', async () => {
    const path = zip('demo.zip');
    const { code, out } = await cloche('sign', path, '--key', key);
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^signed demo 1 sha256:[0-9a-f]{64} by ${ada}`));
    assert.deepEqual(await verified(path, '--key', ada), ['signed', 0]);
    const { 'cloche-signature.json': signature, ...others } = unzipSync(readFileSync(path));
    assert.ok(signature);
    assert.deepEqual(others, Object.fromEntries(Object.entries(FILES).sort()));
  });

  it('makes the same zip of the same files, whatever order, compression and times they had', async () => {
    const one = zip('one.zip');
    // What shrinks like zeros is stored: the reader of the page takes it for a bomb otherwise.
    const level = (name: string) => (name.endsWith('.bin') ? 0 : 6);
    const entries = Object.entries(FILES).map(([name, data]): [string, ZippableFile] => [
      name,
      [data, { level: level(name) }],
    ]);
    const other = at('other.zip');
    writeFileSync(other, zipSync(Object.fromEntries(entries.reverse()), { mtime: '2001-02-03' }));
    for (const path of [one, other]) assert.equal((await cloche('sign', path, '--key', key)).code, 0);
    assert.deepEqual(readFileSync(one), readFileSync(other));
    await cloche('sign', one, '--key', key);
    assert.deepEqual(readFileSync(one), readFileSync(other));
  });

  it('signs a zip of one folder in that folder', async () => {
    const path = zip(
      'demo.zip',
      Object.fromEntries(Object.entries(FILES).map(([name, data]) => [`demo-1/${name}`, data])),
    );
    assert.equal((await cloche('sign', path, '--key', key)).code, 0);
    assert.ok(unzipSync(readFileSync(path))['demo-1/cloche-signature.json']);
    assert.deepEqual(await verified(path, '--key', ada), ['signed', 0]);
  });

  it('signs a folder, and so the zip that is made of it', async () => {
    const path = write('demo');
    assert.equal((await cloche('sign', path, '--key', key)).code, 0);
    assert.deepEqual(readdirSync(path).sort(), ['assets', 'cloche-signature.json', 'demo.wasm', 'manifest.json']);
    assert.deepEqual(await verified(path, '--key', ada), ['signed', 0]);
    const signature = readFileSync(at('demo', 'cloche-signature.json'));
    assert.deepEqual(await verified(zip('demo.zip', { ...FILES, 'cloche-signature.json': signature }), '--key', ada), [
      'signed',
      0,
    ]);
  });

  it('signs a module in its place, which stays one', async () => {
    writeFileSync(at('demo.wasm'), WASM);
    for (const pem of ['eve.pem', 'ada.pem'])
      assert.equal((await cloche('sign', at('demo.wasm'), '--key', at(pem))).code, 0);
    assert.deepEqual(await verified(at('demo.wasm'), '--key', ada), ['signed', 0]);
    const bytes = readFileSync(at('demo.wasm'));
    assert.ok(WebAssembly.validate(bytes));
    assert.deepEqual(new Uint8Array(bytes.subarray(0, WASM.length)), WASM);
    assert.equal(WebAssembly.Module.customSections(new WebAssembly.Module(bytes), 'cloche.signature').length, 1);
  });

  it('assembles text of WebAssembly, as the page does, and signs what stands in the package', async () => {
    const wat = text(
      '(module (import "nev:plugins/core" "api-version" (func (result i32))) (memory (export "memory") 1))',
    );
    const path = write('text', { 'manifest.json': text('{ "name": "In text", "wasm": "a.wat" }'), 'a.wat': wat });
    assert.equal((await cloche('sign', path, '--key', key)).code, 0);
    assert.deepEqual(await verified(path, '--key', ada), ['signed', 0]);
    writeFileSync(join(path, 'a.wat'), text('(module\n  (func (i32.bad)))'));
    const { code, err } = await cloche('verify', path, '--key', ada);
    assert.equal(code, 2);
    assert.match(err, /a\.wat.*cannot be assembled at line 2, column 10: .*i32\.bad/);
    writeFileSync(at('alone.wat'), wat);
    assert.deepEqual(await verified(at('alone.wat')), ['unsigned', 1]);
  });

  it('signs a package into a file beside it, and leaves it as it is', async () => {
    for (const [path, ...more] of [
      [zip('demo.zip')],
      [write('demo')],
      [at('demo', 'demo.wasm')],
      [manifest(), '--wasm', at('demo', 'demo.wasm')],
    ] as [string, ...string[]][]) {
      const before = statSync(path).isFile() && readFileSync(path);
      assert.equal((await cloche('sign', path, '--key', key, '--out', at('beside.json'), ...more)).code, 0);
      assert.deepEqual(statSync(path).isFile() && readFileSync(path), before);
      assert.deepEqual(await verified(path, '--key', ada, '--signature', at('beside.json'), ...more), ['signed', 0]);
      assert.deepEqual(await verified(path, '--key', ada, ...more), ['unsigned', 1]);
    }
  });

  it('needs a file for the signature of a manifest', async () => {
    writeFileSync(at('list.json'), '{ "wasm": [{ "name": "main", "data": "AGFzbQEAAAA=" }] }');
    const { code, err } = await cloche('sign', at('list.json'), '--key', key);
    assert.equal(code, 2);
    assert.match(err, /pass `--out`/);
    assert.equal((await cloche('sign', at('list.json'), '--key', key, '--out', at('list.sig.json'))).code, 0);
    assert.deepEqual(await verified(at('list.json'), '--key', ada, '--signature', at('list.sig.json')), ['signed', 0]);
  });

  it('fetches the modules that a manifest names by their URLs, and signs what came', async () => {
    let served = WASM;
    const server = createServer((_, response) => response.end(served)).listen(0, 'localhost');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const [path, beside] = [at('list.json'), at('list.sig.json')];
    writeFileSync(path, JSON.stringify({ wasm: [{ url: `http://localhost:${port}/main.wasm` }] }));
    try {
      assert.equal((await cloche('sign', path, '--key', key, '--out', beside)).code, 0);
      assert.deepEqual(await verified(path, '--key', ada, '--signature', beside), ['signed', 0]);
      served = new Uint8Array([...WASM, 0, 2, 1, 97]);
      assert.deepEqual(await verified(path, '--key', ada, '--signature', beside), ['modified', 1]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('takes keys of OpenSSL, and refuses others with what to do', async () => {
    const path = zip('demo.zip');
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', at('ssl.pem')]);
    chmodSync(at('ssl.pem'), 0o600);
    assert.deepEqual((await cloche('sign', path, '--key', at('ssl.pem'))).err, '');
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed448', '-out', at('ed448.pem')]);
    execFileSync('openssl', ['pkey', '-in', at('ssl.pem'), '-aes128', '-passout', 'pass:x', '-out', at('secret.pem')]);
    writeFileSync(at('none.pem'), 'no key');
    const before = readFileSync(path);
    for (const [pem, words] of [
      ['ed448.pem', /ed448.*keygen/],
      ['secret.pem', /openssl pkey/],
      ['none.pem', /not a private key.*keygen/],
      ['missing.pem', /ENOENT/],
    ] as const) {
      const { code, err } = await cloche('sign', path, '--key', at(pem));
      assert.equal(code, 2, pem);
      assert.match(err, words);
    }
    assert.deepEqual(readFileSync(path), before);
  });

  it('says so where others can read the private key', async () => {
    chmodSync(key, 0o644);
    const { code, err } = await cloche('sign', zip('demo.zip'), '--key', key);
    assert.equal(code, 0);
    assert.match(err, /chmod 600/);
  });

  it('X10: follows no link out of a folder, and signs nothing that Cloche would not install', async () => {
    const path = write('demo');
    symlinkSync('/etc/hostname', join(path, 'link.txt'));
    assert.match((await cloche('sign', path, '--key', key)).err, /link\.txt is neither/);
    rmSync(join(path, 'link.txt'));
    writeFileSync(join(path, 'manifest.json'), '{ "cloche": 2 }');
    assert.equal((await cloche('sign', path, '--key', key)).code, 2);
    assert.ok(!readdirSync(path).includes('cloche-signature.json'));
    writeFileSync(at('text.txt'), 'no package');
    assert.match((await cloche('sign', at('text.txt'), '--key', key)).err, /not a WebAssembly module, a zip/);
  });

  function manifest(): string {
    writeFileSync(at('beside-module.json'), JSON.stringify({ cloche: 1, id: 'demo', name: 'Demo' }));
    return at('beside-module.json');
  }
});

describe('cloche verify', () => {
  it('ends with 0 only for what one of the keys has signed', async () => {
    const path = zip('demo.zip');
    assert.deepEqual(await verified(path, '--key', ada), ['unsigned', 1]);
    await cloche('sign', path, '--key', key);
    assert.deepEqual(await verified(path, '--key', ada), ['signed', 0]);
    assert.deepEqual(await verified(path, '--key', eve, '--key', ada), ['signed', 0]);
    assert.deepEqual(await verified(path, '--key', eve), ['unknown-signer', 1]);
    const { code, out, err } = await cloche('verify', path);
    assert.deepEqual([code, out], [1, `unknown-signer demo 1 ${ada}`]);
    assert.match(err, /pass `--key`/);
  });

  it('X10: says that a package was modified, in any of its files', async () => {
    const path = write('demo');
    await cloche('sign', path, '--key', key);
    for (const name of Object.keys(FILES).slice(1)) {
      const bytes = readFileSync(join(path, name));
      writeFileSync(join(path, name), new Uint8Array([...bytes, ...(name.endsWith('.wasm') ? [0, 2, 1, 97] : [1])]));
      assert.deepEqual(await verified(path, '--key', ada), ['modified', 1], name);
      writeFileSync(join(path, name), bytes);
    }
    writeFileSync(join(path, 'more.txt'), '');
    assert.deepEqual(await verified(path, '--key', ada), ['modified', 1]);
  });

  it('signs a blocklist, in place or elsewhere, and says who has signed it', async () => {
    const list = at('blocked.json');
    const text = JSON.stringify({ sequence: 4, blocked: [{ id: 'demo', versions: ['<2'] }] });
    writeFileSync(list, text);
    const verdict = async (path: string, by: string) => {
      const { code, out } = await cloche('verify', path, '--blocklist', '--key', by);
      return [out.split(' ')[0], code];
    };
    assert.deepEqual(await verdict(list, ada), ['unsigned', 1]);
    const signed = await cloche('sign', list, '--blocklist', '--key', key, '--out', at('signed.json'));
    assert.equal(signed.out, `signed blocklist 4 (entries: 1) by ${ada}, into ${at('signed.json')}`);
    assert.equal(readFileSync(list, 'utf8'), text);
    assert.deepEqual(await verdict(at('signed.json'), ada), ['signed', 0]);
    assert.deepEqual(await verdict(at('signed.json'), eve), ['unknown-signer', 1]);
    await cloche('sign', at('signed.json'), '--blocklist', '--key', at('eve.pem'));
    assert.deepEqual(await verdict(at('signed.json'), eve), ['signed', 0]);
    writeFileSync(list, text.replace('"id"', '"ID"'));
    assert.equal((await cloche('sign', list, '--blocklist', '--key', key)).code, 2);
    assert.match(readFileSync(list, 'utf8'), /"ID"/);
  });

  it('says what is wrong with a command line', async () => {
    for (const [args, words] of [
      [[], /Expected a command/],
      [['varify'], /Unknown command "varify"/],
      [['verify'], /Expected a package to verify/],
      [['verify', 'a', 'b'], /nothing beside it/],
      [['verify', 'a', '--keys', ada], /--keys/],
      [['verify', 'a', '--key', 'ada'], /public key/],
      [['sign', zip('demo.zip')], /Expected `--key`/],
    ] as [string[], RegExp][]) {
      const { code, err } = await cloche(...args);
      assert.equal(code, 2);
      assert.match(err, words);
      assert.match(err, /--help/);
    }
    for (const args of [['--help'], ['sign', '--help'], ['help']]) {
      const { code, out } = await cloche(...args);
      assert.equal(code, 0);
      assert.match(out, /npx cloche keygen.*npx cloche sign.*npx cloche verify/s);
    }
  });
});
