// Host calls that were told of, and the element that shows them.

import { html } from 'lit';
import '../../src/elements/host-calls/host-calls.ts';
import type { ClocheHostCalls } from '../../src/elements/host-calls/host-calls.ts';
import type { HostCallRecord } from '../../src/events.ts';
import { renderElement } from '../helpers/render.ts';

export const call = (part: Partial<HostCallRecord> = {}): HostCallRecord => ({
  plugin: 'a',
  time: 0,
  capability: 'kv',
  name: 'kv_read',
  durationMs: 1,
  requestBytes: 5,
  answerBytes: 40,
  outcome: 'ok',
  needs: undefined,
  ...part,
});

export const table = (records: readonly HostCallRecord[]) =>
  renderElement<ClocheHostCalls>(html`<cloche-host-calls .records=${records}>Nothing was asked.</cloche-host-calls>`);
