// A plugin in its sandbox, its host, and a relay on another origin: who is named, what is kept back, what an admin sees.

import { assert } from 'chai';
import type { Host, HostCallRecord, HostOptions, LogRecord, Plugin, RelayOptions } from '../../src/index.ts';
import { problem, result, type ScriptedAnswer, scriptedRelay } from '../capabilities/scripted-relay.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, passing } from '../helpers/guests.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';
import { abiGuest } from '../workers/extism/abi-guest.ts';
import { packageOf } from './windshift/guest.ts';
import { tapWires, type WireTap } from './wire-tap.ts';

const FUNCTIONS = ['smtp_send', 'cli_exec', 'create_comment', 'scm_create_branch', 'scm_create_item_link'];
const IMPORTS = FUNCTIONS.map(
  (name) => `(import "extism:host/user" "${name}" (func $${name} (param i64) (result i64)))`,
).join('');
const BODY = FUNCTIONS.map((name) => passing(name)).join('');

const TOKEN = 't0ken-of-the-app-1234567890';
const MAIL = { to: ['ann@example.com'], subject: 'Hello' };
const COMMENT = { item_id: 7, author_id: 3, content: 'marker-of-the-plugin' };

interface Envelope {
  plugin: { id: string; version: string };
  claims?: unknown;
  capability: string;
  deadlineMs: number;
  arguments: Record<string, unknown>;
}

interface Stage {
  readonly host: Host;
  readonly plugin: Plugin;
  readonly calls: HostCallRecord[];
  readonly lines: LogRecord[];
  say(name: string, request: unknown): Promise<string>;
}

async function stage(options: HostOptions = {}, manifest?: object): Promise<Stage> {
  const host = await makeHost({ serviceWorker: '/cloche-sw.js', ...options });
  const calls: HostCallRecord[] = [];
  const lines: LogRecord[] = [];
  host.addEventListener('hostcall', ({ record }) => calls.push(record));
  host.addEventListener('log', ({ record }) => lines.push(record));
  const wasm = await guest(BODY, IMPORTS);
  const plugin = await (manifest ? host.open({ wasm, manifest }) : host.open(wasm, { id: 'mallory' }));
  const say = async (name: string, request: unknown): Promise<string> => {
    const input = typeof request === 'string' ? request : JSON.stringify(request);
    return (await plugin.call(name, input)).text();
  };
  return { host, plugin, calls, lines, say };
}

async function withRelay(answers: ScriptedAnswer[], options: HostOptions = {}) {
  const server = await scriptedRelay(...answers);
  const relay: RelayOptions = { url: server.url, headers: { Authorization: `Bearer ${TOKEN}` } };
  return { server, ...(await stage({ relay, ...options })) };
}

describe('relay of a host', () => {
  let tap: WireTap | undefined;
  afterEach(async () => {
    tap?.remove();
    await closeHosts();
  });

  it('serves a plugin from its memory to the relay and back', async () => {
    const { server, say, calls, lines } = await withRelay([result({ status: 'ok', comment_id: 12 })]);
    assert.equal(await say('create_comment', COMMENT), '{"status":"ok","comment_id":12}');
    const [seen] = await server.seen();
    assert.match(seen?.path ?? '', /\/v1\/create_comment$/);
    const { plugin, capability, deadlineMs, arguments: args } = JSON.parse(seen?.body ?? '') as Envelope;
    assert.deepEqual([plugin.id, capability, args], ['mallory', 'comments', COMMENT]);
    assert.isTrue(deadlineMs > 0 && deadlineMs < 5_000, `${deadlineMs}`);
    assert.deepInclude(calls[0], { capability: 'comments', name: 'create_comment', outcome: 'ok' });
    assert.isEmpty(lines);
  });

  it('leaves the plugin running when the relay fails, and tells the admin in one line', async () => {
    const { say, calls, lines, plugin } = await withRelay([problem(403, 'forbidden'), result({ status: 'ok' })]);
    assert.equal(await say('smtp_send', MAIL), '{"status":"error","error":"relay does not allow this"}');
    assert.equal(calls[0]?.outcome, 'RELAY_FAILED');
    assert.lengthOf(lines, 1);
    assert.deepInclude(lines[0], { plugin: 'mallory', source: 'host', level: 'warn' });
    assert.match(lines[0]?.text ?? '', /^`smtp_send`: The relay at http.* does not allow this: see there which/);
    assert.equal(await say('smtp_send', MAIL), '{"status":"ok"}');
    assert.equal(plugin.stats.kills, 0);
  });

  it('lets the plugin hear of a slow relay within its own time', async () => {
    const { say, calls } = await withRelay([{ ...result({ status: 'ok' }), delayMs: 3_000 }], {
      limits: { timeoutMs: 400 },
    });
    assert.equal(await say('smtp_send', MAIL), '{"status":"error","error":"relay did not answer in time"}');
    assert.equal(calls[0]?.outcome, 'RELAY_FAILED');
    assert.include(
      await say('cli_exec', { command: 'ls' }),
      '"exit_code":-1,"stdout":"","stderr":"","error":"command timed out"',
    );
  });

  it('answers a denied function in the form of its contract', async () => {
    const { server, plugin, say, calls } = await withRelay([result({ status: 'ok' })]);
    await plugin.configure({ grant: { comments: true } });
    const denied = JSON.parse(await say('smtp_send', MAIL)) as { status: string; error: string };
    assert.equal(denied.status, 'error');
    assert.match(denied.error, /needs the capability `mail`/);
    assert.include(await say('cli_exec', { command: 'ls' }), '"exit_code":-1');
    assert.deepEqual(
      calls.map(({ outcome }) => outcome),
      ['PERMISSION_DENIED', 'PERMISSION_DENIED'],
    );
    assert.isEmpty(await server.seen());
  });

  it('holds grant and policy before the relay is asked', async () => {
    const { server, plugin, say } = await withRelay([result({ status: 'ok' })], {
      policy: { commands: { allow: ['make'] } },
    });
    await plugin.configure({ grant: { mail: { to: ['*@example.org'] }, commands: true } });
    assert.equal(await say('smtp_send', MAIL), '{"status":"error","error":"recipient not allowed: ann@example.com"}');
    assert.include(await say('cli_exec', { command: 'ls' }), '"error":"command not allowed: ls"');
    assert.isEmpty(await server.seen());
    assert.equal(await say('smtp_send', { ...MAIL, to: ['ann@example.org'] }), '{"status":"ok"}');
    assert.lengthOf(await server.seen(), 1);
  });

  it('N11: tells the relay whom a request to the plugin was made for, beside the token, and nothing that was forged', async () => {
    const server = await scriptedRelay(result({ status: 'ok', comment_id: 12 }));
    const relay: RelayOptions = { url: server.url, headers: { Authorization: `Bearer ${TOKEN}` } };
    const host = await makeHost({ serviceWorker: '/cloche-sw.js', relay });
    const handler = `(func (export "handle_request") (result i32)
      (drop (call $create_comment (call $text (i32.const 0) (i32.const ${JSON.stringify(COMMENT).length}))))
      (call $out (call $text (i32.const 512) (i32.const 2))) (i32.const 0))`;
    const data = (at: number, text: string): string => `(data (i32.const ${at}) "${text.replaceAll('"', '\\22')}")`;
    const wasm = await abiGuest(`${data(0, JSON.stringify(COMMENT))} ${data(512, '{}')} ${handler}`, IMPORTS);
    await host.install(packageOf({ name: 'demo', routes: [{ path: '*' }] }, wasm), { grant: 'all' });
    const forged = { 'X-Cloche-Claims': '{"userId":1}' };
    const claims = { userId: 'ann', roles: ['admin'] };
    await host.fetch('/api/plugins/demo/x', { headers: forged });
    await host.fetch('/api/plugins/demo/x', { headers: forged, claims });
    await host.get('demo')?.fetch('/api/plugins/demo/x', { headers: forged, claims });
    const seen = await server.seen();
    assert.deepEqual(
      seen.map(({ body }) => (JSON.parse(body) as Envelope).claims),
      [undefined, claims, claims],
    );
    for (const { headers, body } of seen) {
      assert.equal(headers.authorization, `Bearer ${TOKEN}`);
      assert.deepEqual((JSON.parse(body) as Envelope).arguments, COMMENT);
    }
  });

  it('ends the request with the call', async () => {
    const { promise: signal, resolve } = Promise.withResolvers<AbortSignal | null | undefined>();
    const relay: RelayOptions = {
      url: 'https://relay.example',
      fetch: (_, init) => {
        resolve(init?.signal);
        return new Promise(() => undefined);
      },
    };
    const { plugin } = await stage({ relay });
    const controller = new AbortController();
    const ended = rejectsCode('ABORTED', plugin.call('smtp_send', MAIL, { signal: controller.signal }));
    assert.isFalse((await signal)?.aborted);
    controller.abort();
    await ended;
    assert.isTrue((await signal)?.aborted);
  });

  describe('none', () => {
    it('answers with the error of each contract', async () => {
      const { say, calls, lines } = await stage();
      const error = (text: string) => `{"status":"error","error":"${text}"}`;
      assert.equal(await say('smtp_send', MAIL), error('smtp sender not configured'));
      assert.equal(await say('create_comment', COMMENT), error('database not configured'));
      assert.equal(
        await say('scm_create_branch', { workspace_repository_id: 1, branch_name: 'x' }),
        error('SCM service not configured'),
      );
      assert.equal(await say('smtp_send', '{'), '');
      const executed =
        '{"status":"error","exit_code":-1,"stdout":"","stderr":"","error":"command execution not configured"}';
      assert.equal(await say('cli_exec', { command: 'ls' }), executed);
      assert.deepEqual(
        calls.map(({ outcome }) => outcome),
        ['NEEDS_SERVER', 'NEEDS_SERVER', 'NEEDS_SERVER', 'ok', 'NEEDS_SERVER'],
      );
      assert.match(lines[0]?.text ?? '', /^`smtp_send`: Only a server can send e-mail/);
    });

    it('is what an admin sees: which permission needs a server, and why', async () => {
      const { plugin } = await stage();
      assert.sameMembers([...plugin.needsServer.keys()], ['mail', 'commands', 'comments', 'scm']);
      for (const { capability, needsServer, sentences, granted } of plugin.requests()) {
        assert.isTrue(granted, capability);
        assert.equal(needsServer?.text, plugin.needsServer.get(capability));
        assert.match(needsServer?.text ?? '', /^Only a server can [^`]*\.$/);
        assert.match(sentences[0]?.text ?? '', /^[A-Z].*\.$/);
      }
      assert.equal(plugin.requests()[0]?.capability, 'commands', 'the riskiest first');
    });

    it('nothing needs a server once there is one', async () => {
      const { plugin } = await withRelay([result({ status: 'ok' })]);
      assert.equal(plugin.needsServer.size, 0);
      assert.deepEqual([...new Set(plugin.requests().map(({ needsServer }) => needsServer))], [undefined]);
    });
  });

  it('serves plugins of every dialect', async () => {
    const manifests = [
      { name: 'standup', version: '2.0.0', routes: [] },
      { name: 'standup', version: '2.0.0', permissions: { mail: true } },
      { cloche: 1, id: 'standup', name: 'Standup', version: '2.0.0', permissions: { mail: true } },
    ];
    for (const manifest of manifests) {
      const server = await scriptedRelay(result({ status: 'ok' }));
      const { say, plugin } = await stage({ relay: { url: server.url } }, manifest);
      assert.equal(await say('smtp_send', MAIL), '{"status":"ok"}', plugin.manifest.dialect);
      const { plugin: named } = JSON.parse((await server.seen())[0]?.body ?? '') as Envelope;
      assert.deepEqual(named, { id: 'standup', version: '2.0.0' }, plugin.manifest.dialect);
    }
  });

  describe('N11: confused deputy', () => {
    const FORGED = {
      ...COMMENT,
      plugin: { id: 'victim', version: '9' },
      capability: 'commands',
      deadlineMs: 999_999,
      arguments: { command: 'rm' },
      'Idempotency-Key': '00000000-0000-4000-8000-000000000000',
      url: 'https://evil.example',
      function: '../../v1/cli_exec',
      author: 1,
    };

    it('N11: a plugin that names another plugin, capability, path or key is stamped with its own', async () => {
      const { server, say } = await withRelay([result({ status: 'ok', comment_id: 1 })]);
      await say('create_comment', FORGED);
      const [seen] = await server.seen();
      const envelope = JSON.parse(seen?.body ?? '') as Envelope;
      assert.deepEqual(Object.keys(envelope), ['plugin', 'capability', 'deadlineMs', 'arguments']);
      assert.equal(envelope.plugin.id, 'mallory');
      assert.equal(envelope.capability, 'comments');
      assert.isBelow(envelope.deadlineMs, 5_000);
      assert.deepEqual(envelope.arguments, COMMENT);
      assert.equal(seen?.path, `${new URL(server.url).pathname}/v1/create_comment`);
      assert.notEqual(seen?.headers['idempotency-key'], FORGED['Idempotency-Key']);
      // The twin: where the request of the plugin is merged into the envelope, the relay would hear of another.
      assert.equal(Object.assign({ plugin: { id: 'mallory' } }, FORGED).plugin.id, 'victim');
    });

    it('N11: keys as they are found on every object change nothing', async () => {
      const { server, say } = await withRelay([result({ status: 'ok', comment_id: 1 })]);
      const tricks = `{"__proto__":{"plugin":{"id":"victim"}},"constructor":{},"toString":1,${JSON.stringify(COMMENT).slice(1)}`;
      assert.equal(await say('create_comment', tricks), '{"status":"ok","comment_id":1}');
      const envelope = JSON.parse((await server.seen())[0]?.body ?? '') as Envelope;
      assert.deepEqual([envelope.plugin.id, envelope.arguments], ['mallory', COMMENT]);
    });

    it('N11: a call that is replayed is another call: the relay sees another key', async () => {
      const { server, say } = await withRelay([result({ status: 'ok', comment_id: 1 })]);
      await say('create_comment', COMMENT);
      await say('create_comment', COMMENT);
      const keys = (await server.seen()).map(({ headers }) => headers['idempotency-key']);
      assert.lengthOf(new Set(keys), 2);
    });
  });

  it('N13: the token is in nothing that a plugin, a worker, a frame or a listener gets', async () => {
    tap = tapWires();
    const server = await scriptedRelay(
      result({ status: 'ok', comment_id: 1 }),
      result({ status: 'error', error: `your token is Bearer ${TOKEN}` }),
      { ...problem(401, 'unauthorized'), body: JSON.stringify({ code: 'unauthorized', detail: TOKEN, title: TOKEN }) },
      { status: 500, headers: { 'Content-Type': 'text/html', 'X-Token': TOKEN }, body: TOKEN },
      { headers: { 'Content-Type': 'text/plain' }, body: TOKEN },
      { body: `{"result":${TOKEN}}` },
      result({ status: TOKEN }),
      result({ status: 'ok', exit_code: 0, stdout: `TOKEN=${TOKEN}`, stderr: '' }),
    );
    const headers = async () => ({ Authorization: `Bearer ${TOKEN}` });
    const { host, plugin, say, calls, lines } = await stage({ relay: { url: server.url, headers } });
    const told: unknown[] = [];
    for (const event of ['pluginchange', 'kill'])
      host.addEventListener(event, (fact) => told.push(JSON.stringify(fact)));
    const heard: string[] = [];
    for (let i = 0; i < 7; i++) heard.push(await say('create_comment', COMMENT));
    heard.push(await say('cli_exec', { command: 'env' }));

    // The controls: the relay got the token each time, the tap hears what the plugin says, and the answers were read.
    const seen = await server.seen();
    assert.lengthOf(seen, 8);
    assert.isTrue(seen.every(({ headers: got }) => got.authorization === `Bearer ${TOKEN}`));
    assert.include(tap.text(), COMMENT.content);
    assert.equal(heard[0], '{"status":"ok","comment_id":1}');
    assert.include(heard[1], 'relay answer withheld');
    assert.include(heard[7], 'relay answer withheld');

    const everything = {
      heard,
      calls,
      lines,
      told,
      logs: host.logs(),
      requests: plugin.requests(),
      manifest: plugin.manifest,
      capabilities: host.capabilities.map((capability) => [capability, ...capability.functions]),
      environment: host.environment,
      page: document.documentElement.outerHTML,
      frames: [...document.querySelectorAll('iframe')].map((frame) => [frame.src, frame.srcdoc]),
      storage: [{ ...localStorage }, { ...sessionStorage }],
    };
    assert.notInclude(JSON.stringify(everything), TOKEN);
    assert.notInclude(tap.text(), TOKEN);
  });
});
