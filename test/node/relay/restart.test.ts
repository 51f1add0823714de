import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { type RelayProcess, startRelayProcess } from '../../../demo/relay/load-test/relay-process.ts';
import { prepareDevelopment } from '../../../demo/relay/node/first-run.ts';
import { EVERYTHING, freePort, isAlive, testConfig, toInit, until } from './relay-under-test.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';

const mail = { to: ['ann@example.com'], subject: 'Hi', text: 'Hello' };
const script = join(import.meta.dirname, '../../../scripts/relay.mjs');
/** A relay that starts where it should not would run for ever, and nothing else here with it. */
const timeout = 20_000;

describe('a relay process', () => {
  let folder: string;
  let smtp: SmtpSink;
  let relay: RelayProcess;
  let configuration: object;
  const file = () => join(folder, 'relay.json');
  before(async () => {
    smtp = await startSmtpSink();
    folder = mkdtempSync(join(tmpdir(), 'relay-restart-'));
    const config = await testConfig();
    const [caller] = config.callers;
    const grant = { ...EVERYTHING, commands: ['node'] };
    const commands = { node: { program: process.execPath, workingDir: '.', argPattern: '[^]*' } };
    const changes = { smtp: { url: smtp.url }, commands, listen: { port: await freePort() } };
    configuration = { ...config, ...changes, callers: [{ ...caller, plugins: { standup: grant } }] };
    writeFileSync(file(), JSON.stringify(configuration));
    relay = await startRelayProcess(file());
  });
  after(async () => {
    await relay.end('SIGTERM');
    await smtp.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    smtp.behave = {};
  });

  const send = (fn: string, args: object, key: string) => fetch(`${relay.url}/v1/${fn}`, toInit(fn, args, { key }));
  const handedOver = (key: string) => smtp.handedOver.filter((source) => source.includes(key)).length;

  it('ends what runs before it ends itself, and takes nothing more meanwhile', async () => {
    smtp.behave = { holdMs: 600 };
    const key = crypto.randomUUID();
    const running = send('smtp_send', mail, key);
    await until(() => handedOver(key) === 1);
    const ended = relay.end('SIGTERM');
    await until(() => relay.output().includes('stops when its calls have ended'));
    const late = await send('smtp_send', mail, crypto.randomUUID()).then(
      ({ status }) => status,
      () => 'refused',
    );
    const answer = await running;
    assert.ok(late === 'refused' || late === 503, `${late}`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('Connection'), 'close');
    assert.deepEqual(await answer.json(), { result: { status: 'ok' } });
    assert.equal(await ended, 0);

    relay = await startRelayProcess(file());
    assert.deepEqual(await (await send('smtp_send', mail, key)).json(), { result: { status: 'ok' } });
    assert.equal(handedOver(key), 1);
  });

  it('answers outcome_unknown after a crash in the middle of a mail, and does not send it again', async () => {
    smtp.behave = { holdMs: 1_000 };
    const key = crypto.randomUUID();
    const broken = assert.rejects(send('smtp_send', mail, key));
    await until(() => handedOver(key) === 1);
    await relay.end('SIGKILL');
    await broken;
    relay = await startRelayProcess(file());
    for (let i = 0; i < 2; i++) {
      const answer = await send('smtp_send', mail, key);
      const { code } = (await answer.json()) as { code: string };
      assert.deepEqual([answer.status, code], [409, 'outcome_unknown']);
    }
    assert.equal(handedOver(key), 1);
  });

  it('kills commands that do not end in time, with their children, and says so by its exit code', async () => {
    await relay.end('SIGTERM');
    writeFileSync(file(), JSON.stringify({ ...configuration, drainMs: 500 }));
    relay = await startRelayProcess(file());
    const args = ['-e', 'require("fs").writeFileSync("pid", String(process.pid)); setInterval(() => {}, 1000)'];
    const broken = send('cli_exec', { command: 'node', args }, crypto.randomUUID()).catch(() => undefined);
    await until(() => readdirSync(folder).includes('pid') && readFileSync(join(folder, 'pid'), 'utf8') !== '');
    assert.equal(await relay.end('SIGTERM'), 1);
    assert.match(relay.output(), /Some calls did not end in time/);
    await broken;
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await until(() => !isAlive(pid));
    relay = await startRelayProcess(file());
  });

  it('says what to do when its port is taken', () => {
    const { status, stderr } = spawnSync(process.execPath, [script, '--config', file()], { encoding: 'utf8', timeout });
    assert.equal(status, 1);
    assert.match(stderr, /^Port \d+ is taken: choose another with --port$/m);
  });

  it('says what is wrong with its configuration', () => {
    const wrong = join(folder, 'wrong.json');
    writeFileSync(wrong, '{"callers":[{"name":"x"}]}');
    const { status, stderr } = spawnSync(process.execPath, [script, '--config', wrong], { encoding: 'utf8', timeout });
    assert.equal(status, 1);
    assert.match(stderr, /^ {2}callers\.0\.tokenSha256: /m);
    assert.ok(!stderr.includes('    at '));
  });
});

describe('npm run relay', () => {
  it('lets git come to its end when Ctrl-C, which goes to a whole group, ends the relay', async () => {
    const data = mkdtempSync(join(tmpdir(), 'relay-group-'));
    await prepareDevelopment(data);
    const repository = join(data, 'repository.git');
    const hook = '[ "$1" = prepared ] || exit 0\ntouch begun\nuntil [ -e release ]; do sleep 0.05; done\n';
    writeFileSync(join(repository, 'hooks/reference-transaction'), `#!/bin/sh\n${hook}`, { mode: 0o755 });
    const child = spawn(process.execPath, [script, '--data', data, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const ended = once(child, 'exit');
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
    });
    await until(() => output.includes('Bearer'));
    const [url] = /http:[^ ]+/.exec(output) ?? [];
    const token = readFileSync(join(data, 'token'), 'utf8').trim();
    const args = { workspace_repository_id: 1, branch_name: 'held' };
    const answer = fetch(`${url}/v1/scm_create_branch`, toInit('scm_create_branch', args, { token }));
    await until(() => existsSync(join(repository, 'begun')));
    process.kill(-Number(child.pid), 'SIGINT');
    await until(() => output.includes('stops when its calls have ended'));
    writeFileSync(join(repository, 'release'), '');
    const { result } = (await (await answer).json()) as { result: Record<string, unknown> };
    assert.deepEqual(result, { status: 'ok', branch_url: 'https://github.com/example/repository/tree/held' });
    assert.deepEqual(await ended, [0, null]);
    rmSync(data, { recursive: true });
  });

  it('makes what it needs, says how to use it, and works with that', async () => {
    const data = mkdtempSync(join(tmpdir(), 'relay-data-'));
    const child = spawn(process.execPath, [script, '--data', data, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (chunk) => {
        output += chunk;
      });
      const told = /relay: \{ url: '(.+)', headers: \{ Authorization: '(.+)' \} \}/;
      await until(() => told.test(output));
      const [, url, authorization = ''] = told.exec(output) ?? [];
      const ask = async (fn: string, args: object) => {
        const headers = { Authorization: authorization, Origin: 'http://localhost:5173' };
        const init = toInit(fn, args, { token: null, headers });
        return (await (await fetch(`${url}/v1/${fn}`, init)).json()) as { result: Record<string, unknown> };
      };
      assert.deepEqual(await ask('smtp_send', mail), { result: { status: 'ok' } });
      assert.equal(readdirSync(join(data, 'outbox')).length, 1);
      assert.equal((await ask('create_comment', { item_id: 1, author_id: 1, content: 'Hello' })).result.status, 'ok');
      const branch = await ask('scm_create_branch', { workspace_repository_id: 1, branch_name: 'try' });
      assert.deepEqual(branch.result, { status: 'ok', branch_url: 'https://github.com/example/repository/tree/try' });
      const command = await ask('cli_exec', { command: 'node-version' });
      assert.equal(command.result.stdout, `${process.version}\n`);
      assert.equal(readdirSync(data).includes('token'), true);
    } finally {
      child.kill('SIGINT');
      await once(child, 'exit');
      rmSync(data, { recursive: true });
    }
  });
});
