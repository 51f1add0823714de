import { assert } from 'chai';
import { verdict } from '../../demo/playground/call-report.ts';
import { fetchExamples } from '../../demo/playground/examples.ts';
import { Session } from '../../demo/playground/session.ts';
import { createHost, type Host } from '../../src/index.ts';
import { until } from '../helpers/render.ts';
import { wat } from '../helpers/wat.ts';

describe('a session with a real host', () => {
  let host: Host;
  let session: Session;

  beforeEach(async () => {
    host = await createHost({ storage: `playground-${crypto.randomUUID()}` });
    session = new Session(host);
  });

  afterEach(async () => {
    for (const plugin of host.plugins) await plugin.uninstall({ wipe: true });
    await host.close();
  });

  async function drop(name: string, text: string): Promise<void> {
    await session.installFiles([new File([await wat(text)], name)], host);
    assert.isUndefined(session.problem, session.problem?.failure.message);
  }

  it('kills an endless loop while the page draws on, and has the plugin ready again', async () => {
    await drop('loop.wasm', '(module (func (export "run") (loop (br 0))))');
    await session.shown?.configure({ limits: { timeoutMs: 1_500 } });
    await session.run('run', '');
    const report = session.reports.get(session.shown?.id ?? '');
    assert.ok(report);
    assert.match(verdict(report), /^Killed at its deadline, .* Ready again in /);
    assert.isAbove(report.frameTimes.frames, 5);
    // A page that the loop held would stand still until the deadline.
    assert.isBelow(report.frameTimes.longestMs, 1_200);
    assert.equal(session.shown?.stats.kills, 1);
  });

  it('shows what a module exports and what it imports', async () => {
    await drop(
      'facts.wasm',
      '(module (import "extism:host/env" "input_length" (func (result i64))) (func (export "run")) (memory (export "memory") 1))',
    );
    const id = session.shown?.id ?? '';
    await until(() => session.facts.has(id), 'its facts to be read');
    const facts = session.facts.get(id);
    assert.equal(facts?.kind, 'read');
    if (facts?.kind !== 'read') return;
    assert.deepEqual(
      facts.exports.filter(({ callable }) => callable).map(({ name }) => name),
      ['run'],
    );
    assert.deepEqual(
      facts.imports.map(({ name }) => name),
      ['input_length'],
    );
  });

  it('shows an example that has just been installed already run', async () => {
    const module = await wat('(module (func (export "run")))');
    const wasm = new URL(URL.createObjectURL(new Blob([module])));
    const manifest = { cloche: 1, id: 'first', wasm: 'x.wasm', defaultCall: { export: 'run' } };
    const facts = { folder: 'first', hostile: false, sentence: '', id: 'first', name: 'First', version: '' };
    await session.load(async () => [{ ...facts, url: wasm, source: { wasm, manifest } }]);
    await session.showFirst();
    assert.isUndefined(session.problem, session.problem?.failure.message);
    const report = session.reports.get('first');
    assert.match(report ? verdict(report) : '', /^Answered in /);
  });

  it('installs an example from its package, and sends requests to its routes', async function () {
    if (host.environment.hostCalls === 'none') this.skip();
    await session.load(() => fetchExamples(location.origin));
    const standup = session.examples.find(({ folder }) => folder === 'standup');
    assert.ok(standup);
    assert.equal(standup.name, 'Stand-up');
    await session.chooseExample(standup);
    assert.isUndefined(session.problem, session.problem?.failure.message);
    assert.equal(session.shown?.manifest.name, standup.name);
    await session.request({ method: 'POST', path: '/entries', body: '{"author":"Ada","today":"The parser"}' });
    const outcome = session.reports.get('standup')?.outcome;
    assert.ok(outcome?.kind === 'answered');
    assert.equal(outcome.response?.status, 201);
    assert.include(new TextDecoder().decode(outcome.output), '"author":"Ada"');
    assert.equal(outcome.stats?.exportName, 'handle_request');
  });

  it('shows why a file is not a plugin', async () => {
    await session.installFiles([new File(['just text'], 'holiday.wasm')], host);
    assert.equal(session.problem?.tried, 'Installing holiday.wasm');
    assert.notEqual(session.problem?.failure.code, undefined);
    assert.isUndefined(session.shown);
  });
});
