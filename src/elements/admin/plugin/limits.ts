// The limits of a plugin as a form: each at most what the app and the plugin's manifest leave.

import { html, type TemplateResult } from 'lit';
import type { Limits } from '../../../index.ts';
import type { AdminHost, AdminPlugin } from '../base/admin-host.ts';
import type { Words } from '../words/words.ts';

const SHOWN = [
  'timeoutMs',
  'startTimeoutMs',
  'memoryBytes',
  'storageBytes',
  'httpPerMinute',
  'busyMsPerMinute',
] as const;
const MIB = 1 << 20;

/** @param save is given all that is below what the plugin could have, as `plugin.configure` takes it */
export function limits(
  words: Words,
  host: Pick<AdminHost, 'limits'>,
  plugin: AdminPlugin,
  save: (limits: Partial<Limits>) => void,
): TemplateResult {
  const submitted = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    save(chosen(host, plugin, [...form.querySelectorAll('input')]));
  };
  return html`
    <form class="limits" @submit=${submitted}>
      <p class="subtle small">${words.say('plugin.limitsHint')}</p>
      <div class="numbers">${SHOWN.map((limit) => field(words, limit, plugin.limits[limit], capOf(host, plugin, limit)))}</div>
      <div><button type="submit">${words.say('plugin.limitsSave')}</button></div>
    </form>
  `;
}

function field(words: Words, limit: (typeof SHOWN)[number], value: number, cap: number): TemplateResult {
  const unit = unitOf(limit);
  const [shown, most] = [value / unit.size, cap / unit.size];
  return html`
    <label>
      <span class="small">${words.say(`plugin.limit.${limit}`)}${unit.name && ` (${unit.name})`}</span>
      <input
        type="number"
        name=${limit}
        required
        min=${unit.size === 1 ? 1 : 0}
        max=${most}
        step=${unit.size === 1 ? 1 : 'any'}
        .defaultValue=${String(shown)}
      />
    </label>
  `;
}

/** What was lowered before and is not shown here stays as it is, and what nobody has touched keeps its exact value. */
function chosen(
  host: Pick<AdminHost, 'limits'>,
  plugin: AdminPlugin,
  inputs: readonly HTMLInputElement[],
): Partial<Limits> {
  const values: Record<string, number> = { ...plugin.limits };
  for (const { name, value, defaultValue, valueAsNumber } of inputs) {
    if (value !== defaultValue) values[name] = Math.round(valueAsNumber * unitOf(name).size);
  }
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== capOf(host, plugin, name as keyof Limits)),
  );
}

function capOf(host: Pick<AdminHost, 'limits'>, { manifest }: AdminPlugin, limit: keyof Limits): number {
  return Math.min(host.limits[limit], manifest.limits[limit] ?? Infinity);
}

function unitOf(limit: string): { readonly name: string; readonly size: number } {
  if (limit.endsWith('Bytes')) return { name: 'MiB', size: MIB };
  return { name: limit.includes('Ms') ? 'ms' : '', size: 1 };
}
