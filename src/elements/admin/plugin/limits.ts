// The limits of a plugin as a form: each at most what the app and the plugin's manifest leave.

import { html, type TemplateResult } from 'lit';
import type { Limits } from '../../../index.ts';
import type { Words } from '../../words/words.ts';
import type { AdminHost, AdminPlugin } from '../base/admin-host.ts';

/** Those that a plugin meets first. */
const FIRST = [
  'timeoutMs',
  'startTimeoutMs',
  'memoryBytes',
  'storageBytes',
  'httpPerMinute',
  'busyMsPerMinute',
] as const;
const OTHERS = [
  'exchangeBytes',
  'varBytes',
  'httpResponseBytes',
  'httpInFlight',
  'httpTimeoutMs',
  'logLines',
  'logLineBytes',
  'queuedCalls',
] as const;
type Shown = (typeof FIRST | typeof OTHERS)[number];

const KIB = 1 << 10;
const MIB = 1 << 20;

/**
 * @param own what a person has lowered before; undefined where that cannot be told, and what holds now is kept in its place
 * @param save is given what is lowered now, as `plugin.configure` takes it
 */
export function limits(
  words: Words,
  host: Pick<AdminHost, 'limits'>,
  plugin: AdminPlugin,
  own: Partial<Limits> | undefined,
  save: (limits: Partial<Limits>) => void,
): TemplateResult {
  const submitted = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    save(chosen(host, plugin, own, [...form.querySelectorAll('input')]));
  };
  const fields = (all: readonly Shown[]): TemplateResult => html`
    <div class="numbers">${all.map((limit) => field(words, limit, plugin.limits[limit], capOf(host, plugin, limit)))}</div>
  `;
  return html`
    <form class="limits" @submit=${submitted}>
      <p class="subtle small">${words.say('plugin.limitsHint')}</p>
      ${fields(FIRST)}
      <details>
        <summary>${words.say('plugin.limitsMore')}</summary>
        ${fields(OTHERS)}
      </details>
      <div><button type="submit">${words.say('plugin.limitsSave')}</button></div>
    </form>
  `;
}

function field(words: Words, limit: Shown, value: number, cap: number): TemplateResult {
  const unit = unitOf(limit, cap);
  const [shown, most] = [value / unit.size, cap / unit.size];
  return html`
    <label>
      <span class="small">${words.say(`plugin.limit.${limit}`)}${unit.name && ` (${unit.name})`}</span>
      <input
        type="number"
        name=${limit}
        required
        min=${unit.size === 1 && limit.includes('Ms') ? 1 : 0}
        max=${most}
        step=${unit.size === 1 ? 1 : 'any'}
        .defaultValue=${String(shown)}
      />
    </label>
  `;
}

/** What nobody has touched stays as it was set, also where the manifest is lower now: that may rise again. */
function chosen(
  host: Pick<AdminHost, 'limits'>,
  plugin: AdminPlugin,
  own: Partial<Limits> | undefined,
  inputs: readonly HTMLInputElement[],
): Partial<Limits> {
  const touched = inputs.filter(({ value, defaultValue }) => value !== defaultValue);
  const values = touched.map(({ name, valueAsNumber }): [string, number] => {
    return [name, Math.round(valueAsNumber * unitOf(name, capOf(host, plugin, name as Shown)).size)];
  });
  const all = Object.entries({ ...(own ?? lowerThanGiven(host, plugin)), ...Object.fromEntries(values) });
  const raised = new Set(
    values.filter(([name, value]) => value === capOf(host, plugin, name as Shown)).map(([name]) => name),
  );
  return Object.fromEntries(all.filter(([name]) => !raised.has(name)));
}

function lowerThanGiven(host: Pick<AdminHost, 'limits'>, plugin: AdminPlugin): Partial<Limits> {
  return Object.fromEntries(
    Object.entries(plugin.limits).filter(([name, value]) => value !== capOf(host, plugin, name as Shown)),
  );
}

function capOf(host: Pick<AdminHost, 'limits'>, { manifest }: AdminPlugin, limit: Shown): number {
  return Math.min(host.limits[limit], manifest.limits[limit] ?? Infinity);
}

function unitOf(limit: string, cap: number): { readonly name: string; readonly size: number } {
  if (limit.endsWith('Bytes')) return cap < MIB ? { name: 'KiB', size: KIB } : { name: 'MiB', size: MIB };
  return { name: limit.includes('Ms') ? 'ms' : '', size: 1 };
}
