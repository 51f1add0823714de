// How far it is what is loaded late: a component on its way to run, and the program of databases.

import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes } from '../../src/elements/format.ts';
import type { PrepareRecord } from '../../src/events.ts';
import type { Loading } from './session.ts';

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

export function databaseLoading(loading: Loading | undefined): TemplateResult | typeof nothing {
  if (!loading || loading.done === loading.total) return nothing;
  return html`
    <div class="preparation" role="status">
      <label for="database">Loading PostgreSQL for the first database: ${formatBytes(loading.bytes)}, once</label>
      <progress id="database" max=${loading.total} value=${loading.done}></progress>
    </div>
  `;
}
