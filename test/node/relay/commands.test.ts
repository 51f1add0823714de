import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  EVERYTHING,
  holdingCommand,
  isAlive,
  type RelayUnderTest,
  startRelay,
  testConfig,
  until,
} from './relay-under-test.ts';

const NAMES = ['node', 'show', 'strict', 'missing', 'quick'];

describe('cli_exec', () => {
  let relay: RelayUnderTest;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relay-commands-'));
    mkdirSync(join(folder, 'work/below'), { recursive: true });
    mkdirSync(join(folder, 'work-beside'));
    symlinkSync(folder, join(folder, 'work/out'));
    const config = await testConfig();
    const [caller] = config.callers;
    const node = { program: process.execPath, workingDir: join(folder, 'work'), argPattern: '[^]*', maxArgs: 20 };
    relay = await startRelay({
      callers: [{ ...caller, plugins: { standup: { ...EVERYTHING, commands: NAMES }, shy: { commands: ['show'] } } }],
      limits: { commandsInFlight: 4 },
      commands: {
        node: { ...node, allowEnv: ['COLOR'], env: { FIXED: 'yes' } },
        show: { ...node, args: ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--'] },
        strict: { ...node, args: ['-e', '1', '--'], argPattern: '[a-z]+', maxArgs: 2 },
        missing: { ...node, program: join(folder, 'nothing-here') },
        quick: { ...node, maxTimeoutMs: 200 },
        ungranted: node,
      },
    });
  });
  after(async () => {
    await relay.end();
    rmSync(folder, { recursive: true });
  });

  const run = async (script: string, more: object = {}, sending = {}) =>
    (await relay.call('cli_exec', { command: 'node', args: ['-e', script], ...more }, sending)).body.result;

  it('answers what a command wrote and how it ended', async () => {
    const result = await run('console.log("out"); console.error("err")');
    assert.deepEqual(result, { status: 'ok', exit_code: 0, stdout: 'out\n', stderr: 'err\n' });
  });

  it('answers ok with any exit code', async () => {
    assert.deepEqual(await run('process.exit(3)'), { status: 'ok', exit_code: 3, stdout: '', stderr: '' });
  });

  for (const [what, args, error] of [
    ['no command', {}, 'command is required'],
    ['an empty command', { command: '' }, 'command is required'],
    ['a wrong type', { command: 'node', args: 'x' }, 'invalid request format: a field has the wrong type'],
    [
      'a number among the arguments',
      { command: 'node', args: [1] },
      'invalid request format: a field has the wrong type',
    ],
    ['a fraction of time', { command: 'node', timeout_ms: 0.5 }, 'invalid request format: a field has the wrong type'],
  ] as const) {
    it(`answers "${error}" to ${what}`, async () => {
      const { status, body } = await relay.call('cli_exec', args);
      assert.equal(status, 200);
      assert.deepEqual(body.result, { status: 'error', exit_code: 0, stdout: '', stderr: '', error });
    });
  }

  it('answers -1 and the words of the system, without its paths, when a command cannot be started', async () => {
    const { body } = await relay.call('cli_exec', { command: 'missing' });
    const error = 'command could not be started: no such file or directory';
    assert.deepEqual(body.result, { status: 'error', exit_code: -1, stdout: '', stderr: '', error });
  });

  it('says which signal ended a command', async () => {
    const result = await run('process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 1000)');
    assert.deepEqual([result.status, result.exit_code], ['error', -1]);
    assert.equal(result.error, 'command was ended by SIGTERM');
  });

  it('N12: hands arguments over one by one, whatever is in them', async () => {
    const args = [
      '; touch x',
      '$(id)',
      '`id`',
      '*',
      '"',
      "'",
      'a b',
      '\\',
      '-e',
      '--version',
      '',
      '\n',
      '$HOME',
      '|',
      '%PATH%',
    ];
    const { body } = await relay.call('cli_exec', { command: 'show', args });
    assert.deepEqual(JSON.parse(String(body.result.stdout)), args);
  });

  for (const [what, args] of [
    ['a command that was not granted', { command: 'ungranted' }],
    ['a command that is not on the list', { command: 'rm' }],
    ['a path', { command: process.execPath }],
    ['a name that every object has', { command: 'constructor' }],
    ['an argument that does not match', { command: 'strict', args: ['abc', 'AB'] }],
    ['an argument that matches in one line only', { command: 'strict', args: ['abc\n-x'] }],
    ['an argument with a line break behind it', { command: 'strict', args: ['abc\n'] }],
    ['too many arguments', { command: 'strict', args: ['a', 'b', 'c'] }],
    ['a NUL in an argument', { command: 'node', args: ['a\0b'] }],
    ['a very long argument', { command: 'node', args: ['a'.repeat(8_193)] }],
    ['a variable that is not allowed', { command: 'node', env: { NODE_OPTIONS: '--require=/tmp/x.js' } }],
    ['the path of programs', { command: 'node', env: { PATH: '/tmp' } }],
    ['a NUL in a variable', { command: 'node', env: { COLOR: 'a\0b' } }],
    ['a folder above', { command: 'node', working_dir: '..' }],
    ['a folder beside, which starts alike', { command: 'node', working_dir: '../work-beside' }],
    ['an absolute folder elsewhere', { command: 'node', working_dir: '/' }],
    ['a link that leads out', { command: 'node', working_dir: 'out' }],
    ['a folder that is not there', { command: 'node', working_dir: 'nowhere' }],
  ] as const) {
    it(`N12: answers 403 to ${what}`, async () => {
      const { status, body, text } = await relay.call('cli_exec', args);
      assert.deepEqual([status, body.code], [403, 'forbidden'], text);
      assert.ok(!text.includes(folder));
    });
  }

  it('N11: answers 403 to a command of another plugin', async () => {
    const { status } = await relay.call('cli_exec', { command: 'node' }, { plugin: { id: 'shy', version: '1' } });
    assert.equal(status, 403);
  });

  it('runs in the folder of the entry, or in one below that the plugin names', async () => {
    const work = join(folder, 'work');
    const script = 'process.stdout.write(process.cwd())';
    assert.ok(String((await run(script)).stdout).endsWith('/work'));
    assert.ok(String((await run(script, { working_dir: 'below' })).stdout).endsWith('/work/below'));
    assert.ok(String((await run(script, { working_dir: join(work, 'below') })).stdout).endsWith('/work/below'));
  });

  it('X1: gives a command its own variables only, none of the relay', async () => {
    process.env.RELAY_SMTP_URL = 'smtp://user:secret@mail.example.com';
    const { stdout } = await run('console.log(JSON.stringify(process.env))', { env: { COLOR: 'blue' } });
    delete process.env.RELAY_SMTP_URL;
    const { PATH, ...rest } = JSON.parse(String(stdout));
    assert.equal(PATH, process.env.PATH);
    assert.deepEqual(rest, { FIXED: 'yes', COLOR: 'blue' });
  });

  it('gives a command no input to wait for', async () => {
    assert.equal((await run('process.stdin.on("end", () => console.log("end")).resume()')).stdout, 'end\n');
  });

  it('keeps 1,048,576 bytes of each stream, throws the rest away, and lets the command end', async () => {
    const script = `
      const text = 'x'.repeat(100_000);
      for (let i = 0; i < 100; i++) { process.stdout.write(text); process.stderr.write(text); }
      process.exitCode = 5;`;
    const { status, exit_code, stdout, stderr } = await run(script, {}, { deadlineMs: 20_000 });
    assert.deepEqual([status, exit_code], ['ok', 5]);
    assert.equal(String(stdout).length, 1_048_576);
    assert.equal(String(stderr).length, 1_048_576);
  });

  it('answers bytes that are not UTF-8 as U+FFFD', async () => {
    assert.equal((await run('process.stdout.write(Buffer.from([0x61, 0xff]))')).stdout, 'a\ufffd');
  });

  const forever = 'console.log("begun"); setInterval(() => {}, 1000)';

  for (const [what, more, sending] of [
    ["the plugin's time limit", { timeout_ms: 1_500 }, {}],
    ['the deadline of the call', { timeout_ms: 60_000 }, { deadlineMs: 4_000 }],
    ['the deadline when it sets no limit', {}, { deadlineMs: 4_000 }],
  ] as const) {
    it(`kills a command at ${what}, and answers in time`, async () => {
      const startedAt = performance.now();
      const result = await run(forever, more, sending);
      assert.deepEqual(result, {
        status: 'error',
        exit_code: -1,
        stdout: 'begun\n',
        stderr: '',
        error: 'command timed out',
      });
      assert.ok(performance.now() - startedAt < 6_000);
    });
  }

  it('kills a command at the limit of its entry', async () => {
    const { body } = await relay.call('cli_exec', { command: 'quick', args: ['-e', forever], timeout_ms: 60_000 });
    assert.equal(body.result.error, 'command timed out');
  });

  it('kills the children of a command with it, and what it leaves behind', async () => {
    const child =
      "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })";
    const late = await run(`console.log(${child}.pid); setInterval(() => {}, 1000)`, { timeout_ms: 1_500 });
    const early = await run(`console.log(${child}.pid); process.exit(0)`);
    assert.equal(late.error, 'command timed out');
    assert.deepEqual([early.status, early.exit_code], ['ok', 0]);
    for (const { stdout } of [late, early]) {
      const pid = Number(stdout);
      assert.ok(pid > 0);
      await until(() => !isAlive(pid));
    }
  });

  it('waits for its turn when too many commands run, or until its deadline, and then has done nothing', async () => {
    const held = Array.from({ length: 4 }, () => holdingCommand(folder));
    const running = held.map(({ script }) => run(script, {}, { deadlineMs: 30_000 }));
    await Promise.all(held.map(({ begun }) => begun()));
    const key = crypto.randomUUID();
    const args = { command: 'node', args: ['-e', '1'] };
    const late = await relay.call('cli_exec', args, { key, deadlineMs: 300 });
    const waiting = relay.call('cli_exec', args, { deadlineMs: 30_000 });
    for (const { release } of held) release();
    await Promise.all(running);
    assert.deepEqual([late.status, late.body.code], [504, 'deadline']);
    assert.equal((await waiting).body.result.status, 'ok');
    assert.equal((await relay.query(`SELECT 1 FROM calls WHERE key = '${key}'`)).length, 0);
    assert.equal((await relay.call('cli_exec', args, { key })).body.result.status, 'ok');
  });

  it('runs a command once for a key that comes again', async () => {
    const key = crypto.randomUUID();
    const args = { command: 'node', args: ['-e', 'console.log(Math.random())'] };
    const first = await relay.call('cli_exec', args, { key });
    const again = await relay.call('cli_exec', args, { key });
    assert.equal(again.text, first.text);
  });
});
