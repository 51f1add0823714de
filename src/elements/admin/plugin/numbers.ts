// What a plugin did, in numbers.

import { html, nothing, type TemplateResult } from 'lit';
import '../../limit-bar/limit-bar.ts';
import type { PluginUsage } from '../../../index.ts';
import type { Words } from '../../words/words.ts';
import type { AdminPlugin } from '../base/admin-host.ts';
import { errorText } from '../base/failure.ts';

/** @param usage undefined where the host counts nothing beyond this page @param stored in bytes, where that is known */
export function numbers(
  words: Words,
  plugin: AdminPlugin,
  usage: PluginUsage | undefined,
  stored: number | undefined,
): TemplateResult {
  const { stats, limits } = plugin;
  const { calls, failures } = usage ?? stats;
  const kills = usage ? [...usage.kills.values()].reduce((sum, count) => sum + count, 0) : stats.kills;
  const startMs = usage?.startMs ?? stats.startMs;
  const memory = stats.use?.memoryBytes;
  const seen = Math.max(usage?.peakMemoryBytes ?? 0, memory ?? 0);
  // What is measured is measured at the end of a call: a zero is none.
  const peak = seen === 0 && calls === 0 ? undefined : seen;
  return html`
    <p class="subtle small">
      ${usage ? words.say('plugin.numbersSince', { time: words.time(usage.since) }) : words.say('plugin.numbersPage')}
    </p>
    <div class="bars">
      ${
        peak === undefined
          ? html`<p class="subtle">${words.say('plugin.notYetCalled')}</p>`
          : html`
              ${bar(words, words.say('plugin.memory'), plugin.state === 'running' ? memory : 0, limits.memoryBytes)}
              ${bar(words, words.say('plugin.memoryPeak'), peak, limits.memoryBytes)}
            `
      }
      ${stored === undefined ? nothing : bar(words, words.say('plugin.storage'), stored, limits.storageBytes)}
    </div>
    <dl class="numbers">
      ${fact(words.say('plugin.calls'), words.number(calls))}
      ${fact(words.say('plugin.answered'), words.number(Math.max(0, calls - failures)))}
      ${fact(words.say('plugin.failed'), words.number(failures))}
      ${fact(words.say('plugin.killed'), html`${words.number(kills)}${usage ? killsOf(words, usage) : nothing}`)}
      ${usage?.p50 === undefined ? nothing : fact(words.say('plugin.p50'), words.ms(usage.p50))}
      ${usage?.p95 === undefined ? nothing : fact(words.say('plugin.p95'), words.ms(usage.p95))}
      ${startMs === undefined ? nothing : fact(words.say('plugin.start'), words.ms(startMs))}
      ${usage ? fact(words.say('plugin.last'), usage.lastCallAt ? words.time(usage.lastCallAt) : words.say('plugin.never')) : nothing}
      ${usage ? fact(words.say('plugin.hostAllowed'), words.number(usage.allowed)) : nothing}
      ${usage ? fact(words.say('plugin.hostDenied'), words.number(usage.denied)) : nothing}
    </dl>
  `;
}

/** A number below its name. */
function fact(name: string, value: unknown): TemplateResult {
  return html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`;
}

function killsOf(words: Words, { kills }: PluginUsage) {
  return [...kills].map(
    ([code, n]) =>
      html`<div class="small subtle">${words.say('plugin.killedWhy', { n, why: errorText(words, code) })}</div>`,
  );
}

function bar(words: Words, label: string, used: number | undefined, cap: number) {
  return html`
    <cloche-limit-bar .label=${label} .used=${used ?? 0} .cap=${cap} .value=${words.use(used ?? 0, cap)} .note=${words.say('plugin.near')}></cloche-limit-bar>
  `;
}
