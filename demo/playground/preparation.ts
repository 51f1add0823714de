// How far a component is on its way to run.

import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes } from '../../src/elements/format.ts';
import type { PrepareRecord } from '../../src/events.ts';

export function preparation(record: PrepareRecord | undefined): TemplateResult | typeof nothing {
  if (!record) return nothing;
  const { done, total, bytes } = record;
  const isLoading = done < total - 1;
  return html`
    <div class="preparation" role="status">
      <label for="preparation">
        ${
          isLoading
            ? html`Loading what makes components ready to run: ${formatBytes(bytes)}, once`
            : 'Making the component ready to run, once'
        }
      </label>
      <progress id="preparation" max=${total} value=${done}></progress>
    </div>
  `;
}
