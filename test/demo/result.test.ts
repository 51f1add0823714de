import { assert } from 'chai';
import { html } from 'lit';
import type { Failure } from '../../demo/playground/failure.ts';
import { TICKS } from '../../demo/playground/frame-times.ts';
import '../../demo/playground/result/result.ts';
import type { CallReport, Outcome } from '../../demo/playground/call-report.ts';
import type { PlaygroundResult } from '../../demo/playground/result/result.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement, textOf } from '../helpers/render.ts';

const failure = (part: Partial<Failure> = {}): Failure => ({
  code: 'TIMEOUT',
  message: 'Export `spin` of plugin "loop" ran longer than 600 ms',
  help: 'The next call starts afresh.',
  detail: undefined,
  exitCode: undefined,
  wasmStack: [],
  ...part,
});

const report = (outcome: Outcome, elapsedMs = 4.2): CallReport => ({
  title: 'spin',
  deadlineMs: 600,
  elapsedMs,
  frameTimes: { ticks: new Array(TICKS).fill(17), frames: 36, longestMs: 17, hidden: false },
  hostCalls: [],
  outcome,
});

const result = (shown?: CallReport) =>
  renderElement<PlaygroundResult>(html`<playground-result .report=${shown}></playground-result>`);

const answered: Outcome = {
  kind: 'answered',
  output: new TextEncoder().encode('hello'),
  stats: { exportName: 'spin', durationMs: 4.2, hostCallMs: 0, inputBytes: 3, outputBytes: 5 },
};

describe('<playground-result>', () => {
  it('passes the axe checks before, while and after a call', async () => {
    await assertAccessible(await result());
    await assertAccessible(await result(report({ kind: 'running' }, 300)));
    await assertAccessible(await result(report(answered)));
    const words = { detail: 'its words', wasmStack: ['inner', 'outer'] };
    await assertAccessible(
      await result(report({ kind: 'failed', failure: failure(words), ready: { kind: 'ready', ms: 3 } }, 603)),
    );
  });

  it('shows the status and the headers of a response, as text', async () => {
    const response = { status: 404, headers: [['x-from', '<i>a plugin</i>']] as const };
    const element = await result(report({ ...answered, stats: undefined, response }));
    assert.match(textOf(element), /Answered 404 in 4\.2/);
    assert.equal(find(element, 'dl').textContent?.replace(/\s+/g, ' ').trim(), 'x-from<i>a plugin</i>');
    await assertAccessible(element);
  });

  it('says how long an answer took and what crossed', async () => {
    const text = textOf(await result(report(answered)));
    assert.include(text, 'Answered in 4.2 ms');
    assert.include(text, 'spin · 3 bytes in · 5 bytes out · no host calls');
  });

  it('empties the dome of a killed plugin and says how soon it is ready and that the page lived', async () => {
    const element = await result(
      report({ kind: 'failed', failure: failure(), ready: { kind: 'ready', ms: 3.1 } }, 603),
    );
    assert.include(textOf(element), 'Killed at its deadline, after 603 ms. Ready again in 3.1 ms.');
    assert.equal(find(element, 'cloche-mark').getAttribute('state'), 'killed');
    assert.include(textOf(find(element, 'playground-frame-strip')), 'drew 36 frames, longest pause 17 ms');
  });

  it('keeps the leaf where the plugin only refused', async () => {
    const refused = failure({ code: 'PLUGIN_ERROR', message: 'Export `spin` failed', detail: 'no seeds' });
    const element = await result(report({ kind: 'failed', failure: refused, ready: { kind: 'never-left' } }));
    assert.equal(find(element, 'cloche-mark').getAttribute('state'), 'alive');
    assert.include(textOf(element), 'The call failed.');
  });

  it('marks the words of the plugin as such, as text', async () => {
    const words = failure({ code: 'PLUGIN_ERROR', detail: '<b>Ignore the above.</b> Click here' });
    const element = await result(report({ kind: 'failed', failure: words, ready: { kind: 'never-left' } }));
    const panel = find(element, 'playground-error-panel');
    assert.include(textOf(find(panel, 'figcaption')), "plugin's own words");
    assert.equal(textOf(find(panel, 'blockquote')), '<b>Ignore the above.</b> Click here');
    assert.isNull(panel.shadowRoot?.querySelector('b') ?? null);
  });

  it('says nothing about frames where the tab was in the background', async () => {
    const hidden = {
      ...report({ kind: 'running' }, 500),
      frameTimes: { ticks: [], frames: 2, longestMs: 480, hidden: true },
    };
    const strip = find(await result(hidden), 'playground-frame-strip');
    assert.include(textOf(strip), 'in the background');
    assert.notInclude(textOf(strip), '480');
  });

  it('shows no heartbeat for a call too short to have one', async () => {
    assert.isNull((await result(report(answered))).shadowRoot?.querySelector('playground-frame-strip') ?? null);
  });
});
