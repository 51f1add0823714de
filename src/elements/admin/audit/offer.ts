// What was denied can be allowed, and no more than that.

import { html, nothing, type TemplateResult } from 'lit';
import type { HostCallRecord } from '../../../index.ts';
import type { Words } from '../../words/words.ts';
import type { AdminHost } from '../base/admin-host.ts';
import { failure } from '../base/failure.ts';
import type { AuditRow } from './audit-rows.ts';
import { needed } from './row-parts.ts';

interface Offer {
  readonly isAllowed: boolean;
  /** Why it could not be allowed. */
  readonly error: unknown;
  allow(call: HostCallRecord): void;
}

/** Where the grant alone is in the way, and adding to it helps. */
export function offer(
  words: Words,
  host: AdminHost | undefined,
  { record }: AuditRow,
  { isAllowed, error, allow }: Offer,
): TemplateResult | typeof nothing {
  if (record.kind !== 'call' || !record.call.needs || !host?.may('grant') || !host.get(record.call.plugin)) {
    return nothing;
  }
  const { call } = record;
  if (call.decision?.decidedBy === 'policy' || call.decision?.rule === 'methods') return nothing;
  if (isAllowed) return html`<p role="status">${words.say('audit.allowed')}</p>`;
  return html`
    <div class="stack">
      <div>
        <h4>${words.say('audit.would')}</h4>
        ${needed(words, record.call.needs, host.capabilities)}
      </div>
      <div>
        <button type="button" class="allow" @click=${() => allow(call)}>${words.say('audit.allow')}</button>
      </div>
      ${error === undefined ? nothing : failure(words, error)}
    </div>
  `;
}
