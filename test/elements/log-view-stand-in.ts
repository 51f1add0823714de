// Lines of a log, and the element that shows them.

import { html } from 'lit';
import '../../src/elements/log-view/log-view.ts';
import type { ClocheLogView } from '../../src/elements/log-view/log-view.ts';
import type { LogRecord } from '../../src/events.ts';
import { renderElement } from '../helpers/render.ts';

export const line = (text: string, part: Partial<LogRecord> = {}): LogRecord => ({
  plugin: 'a',
  time: 0,
  level: 'info',
  source: 'plugin',
  text,
  ...part,
});

export const view = (records: readonly LogRecord[]) =>
  renderElement<ClocheLogView>(html`<cloche-log-view .records=${records}></cloche-log-view>`);
