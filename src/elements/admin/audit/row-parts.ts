// One row of the list: its line, and what it opens to. All that plugins, apps and people have said goes through `base/theirs.ts`.

import { html, nothing, type TemplateResult } from 'lit';
import type {
  ActEntry,
  CallDecision,
  Capability,
  DroppedEntry,
  HostCallEntry,
  HostCallRecord,
  LogRecord,
  Sentence,
} from '../../../index.ts';
import type { MessageKey } from '../../words/message-key.ts';
import type { Words } from '../../words/words.ts';
import { mono, plain, theirLines, theirs } from '../base/theirs.ts';
import { withoutImplied } from '../consent/implied.ts';
import { sentence } from '../consent/sentence.ts';
import { en } from '../words/en/index.ts';
import type { AuditRow } from './audit-rows.ts';

/** As much of a text as one line may show. */
const LINE_BYTES = 400;
/** Of a text that is open. */
const OPEN_BYTES = 16_384;

/** What happened, in one line. */
export function summary(words: Words, { record }: AuditRow): unknown {
  switch (record.kind) {
    case 'log':
      return theirs(logText(record.log), LINE_BYTES);
    case 'call':
      return times(words, calledOf(words, record.call), record.call.leasedCalls ?? 1);
    case 'kill':
      return words.put('audit.killed', {
        time: words.ms(record.kill.afterMs),
        why: html`${mono(record.kill.code)} ${theirs(record.kill.message.replaceAll('`', ''), LINE_BYTES)}`,
      });
    case 'stored': {
      const { entry } = record;
      if (entry.kind === 'dropped') return lost(words, entry);
      if (entry.kind === 'call') return times(words, calledOf(words, entry), entry.count);
      return html`${actWord(words, entry)}${entry.outcome === 'ok' ? nothing : html` – ${mono(entry.outcome)}`}`;
    }
  }
}

/** What this page says itself has names between backticks, for developers; what a plugin says stays as it is. */
function logText({ source, text }: LogRecord): string {
  return source === 'host' ? text.replaceAll('`', '') : text;
}

function calledOf(words: Words, call: Pick<HostCallRecord, 'capability' | 'name' | 'outcome'>): TemplateResult {
  const called = words.put('audit.call', { capability: mono(call.capability, 64), name: mono(call.name, 100) });
  return html`${called}${call.outcome === 'ok' ? nothing : html` – ${mono(call.outcome)}`}`;
}

function times(words: Words, what: TemplateResult, n: number): unknown {
  return n > 1 ? words.put('audit.times', { what, n }) : what;
}

function lost(words: Words, { reason, entries }: DroppedEntry): string {
  return words.say(`audit.lost.${reason}`, { n: entries });
}

function actWord(words: Words, { act }: ActEntry): unknown {
  const key = `audit.act.${act}`;
  return Object.hasOwn(en, key) ? words.say(key as `audit.act.${ActEntry['act']}`) : mono(act);
}

/** All that is known of it. @param more what may be done about it */
export function detail(words: Words, row: AuditRow, more: TemplateResult | typeof nothing): TemplateResult {
  const { record, time, plugin } = row;
  const facts: (readonly [MessageKey, unknown])[] = [];
  if (time > 0) facts.push(['audit.time', words.time(time)]);
  if (plugin !== undefined) facts.push(['audit.plugin', mono(plugin)]);
  switch (record.kind) {
    case 'log':
      facts.push(['audit.from', words.say(`audit.source.${record.log.source}`)]);
      return block(words, facts, carried(logText(record.log)), more);
    case 'kill':
      facts.push(['audit.outcome', mono(record.kill.code)]);
      if (record.kill.exportName !== undefined) facts.push(['audit.export.what', mono(record.kill.exportName)]);
      return block(words, facts, carried(record.kill.message.replaceAll('`', '')), more);
    case 'call': {
      const { call, sent, answered } = record;
      facts.push(...callFacts(words, call, call.durationMs));
      if (sent === undefined) {
        const note = words.say(call.leasedCalls === undefined ? 'audit.notKept' : 'audit.byWorker');
        return block(words, facts, html`<p class="subtle">${note}</p>`, more);
      }
      const parts = html`${values(words, 'audit.sent', sent)}${values(words, 'audit.answered', answered)}`;
      return block(words, facts, parts, more);
    }
    case 'stored':
      return storedDetail(words, record.entry, facts, more);
  }
}

function storedDetail(
  words: Words,
  entry: HostCallEntry | ActEntry | DroppedEntry,
  facts: (readonly [MessageKey, unknown])[],
  more: TemplateResult | typeof nothing,
): TemplateResult {
  if (entry.kind === 'dropped') return block(words, facts, html`<p>${lost(words, entry)}</p>`, more);
  if (entry.kind === 'call') {
    facts.push(...callFacts(words, entry, entry.durationMs));
    const note = words.say(entry.byWorker ? 'audit.byWorker' : 'audit.notStored');
    return block(words, facts, html`<p class="subtle">${note}</p>`, more);
  }
  facts.push(['audit.who', entry.who === undefined ? words.say('audit.nobody') : theirs(entry.who)]);
  facts.push(['audit.outcome', outcome(words, entry.outcome)]);
  const details = Object.entries(entry.detail ?? {}).map(
    ([name, value]) => html`<dt>${mono(name)}</dt>
      <dd>${mono(Array.isArray(value) ? value.join(', ') : String(value), 2_000)}</dd>`,
  );
  return block(words, facts, details.length > 0 ? html`<dl class="facts">${details}</dl>` : nothing, more);
}

function callFacts(
  words: Words,
  call: Pick<HostCallRecord, 'outcome' | 'decision' | 'requestBytes' | 'answerBytes'>,
  ms: number,
): (readonly [MessageKey, unknown])[] {
  const sizes = { sent: words.bytes(call.requestBytes), answered: words.bytes(call.answerBytes) };
  return [
    ['audit.outcome', outcome(words, call.outcome)],
    ['audit.took', words.ms(ms)],
    ['audit.carried', words.say('audit.carriedOf', sizes)],
    ...(call.decision ? ([['audit.decided', decided(words, call.decision)]] as const) : []),
  ];
}

function outcome(words: Words, code: string): unknown {
  if (code === 'ok') return words.say('audit.ok');
  return code === 'failed' ? words.say('audit.failed') : mono(code);
}

function decided(words: Words, { decidedBy, rule, entry }: CallDecision): unknown {
  const key = `audit.rule.${rule}`;
  const by = words.say(decidedBy === 'policy' ? 'audit.by.policy' : 'audit.by.grant');
  if (!Object.hasOwn(en, key)) return html`${by}: ${mono(rule)}`;
  const shown = words.put(key as 'audit.rule.allow', { entry: mono(entry ?? '') });
  return words.put('audit.rule', { by, rule: html`${shown}` });
}

function block(
  words: Words,
  facts: readonly (readonly [MessageKey, unknown])[],
  body: unknown,
  more: TemplateResult | typeof nothing,
): TemplateResult {
  return html`
    <dl class="facts">
      ${facts.map(
        ([key, value]) => html`<dt>${words.say(key as 'audit.time')}</dt>
          <dd>${value}</dd>`,
      )}
    </dl>
    ${body} ${more}
  `;
}

function values(words: Words, key: 'audit.sent' | 'audit.answered', texts: readonly string[]): TemplateResult {
  return html`<div class="stack">
    <h4 class="small subtle">${words.say(key)}</h4>
    ${texts.length === 0 ? html`<p class="subtle">${words.say('audit.nothing')}</p>` : texts.map(carried)}
  </div>`;
}

/** It may be longer than there is room for, and is read with the keyboard too. */
function carried(text: string): TemplateResult {
  return html`<div class="carried" tabindex="0" role="group" aria-label=${plain(text, 80)}>${theirLines(text, OPEN_BYTES)}</div>`;
}

/** What would have been enough, in the words of the consent. */
export function needed(
  words: Words,
  needs: Readonly<Record<string, unknown>>,
  capabilities: readonly Capability[],
): TemplateResult {
  const lines = Object.entries(needs).flatMap(([name, scope]) => {
    const capability = capabilities.find((one) => one.name === name);
    return withoutImplied(sentencesOf(capability, name, scope), (one) => one);
  });
  return html`<ul>${lines.map((line) => html`<li>${sentence(words, line)}</li>`)}</ul>`;
}

/** A rule of the app's own may not take what it said itself; then its name is all that is known. */
function sentencesOf(capability: Capability | undefined, name: string, scope: unknown): readonly Sentence[] {
  const { scope: rule, functions, summary } = capability ?? {};
  const names = { capability: name, functions: [...(functions?.keys() ?? [])] };
  const own = asSentence(summary ?? { text: name, form: 'functions', names });
  if (!rule) return [own];
  try {
    return rule.describe(scope === true ? rule.all : rule.parse(scope, name)).map(asSentence);
  } catch {
    return [own];
  }
}

function asSentence(given: string | Sentence): Sentence {
  return typeof given === 'string' ? { text: given } : given;
}
