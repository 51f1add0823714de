// The parts of a consent: what the plugin is, what it asks for, and what this page can and cannot give it.

import { html, nothing, type TemplateResult } from 'lit';
import type { Environment, Limits, Orphan, PluginReview, Risk } from '../../../index.ts';
import type { Words } from '../../words/words.ts';
import { shownName, versionText } from '../base/plugin-state.ts';
import { mono, quoted, theirs } from '../base/theirs.ts';
import type { PackageRequest } from './consent-events.ts';
import type { ConsentLine, DeniedLine, SaidSentence } from './consent-text.ts';
import { sentence, sentenceText } from './sentence.ts';

const HASH_BYTES = 64;

export function facts(words: Words, review: PluginReview, host: Limits | undefined): TemplateResult {
  const { manifest, signature, sha256, replaces } = review;
  const files = [...manifest.modules, ...manifest.assets];
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const limits = host && { ...host, ...manifest.limits };
  const version = versionText(words, manifest.version, theirs(manifest.version, 100));
  const before = replaces === undefined ? undefined : versionText(words, replaces, theirs(replaces, 100));
  return html`
    ${
      manifest.description
        ? html`<p><span class="subtle">${words.say('consent.authorSays')}</span> ${quoted(manifest.description)}</p>`
        : nothing
    }
    ${before === undefined ? nothing : html`<p>${words.put('consent.oldRuns', { version: before })}</p>`}
    <dl class="facts">
      <dt>${words.say('consent.id')}</dt>
      <dd>${mono(manifest.id)}</dd>
      <dt>${words.say('consent.version')}</dt>
      <dd>
        ${before === undefined ? version : words.put('consent.versions', { before, after: version })}
      </dd>
      <dt>${words.say('consent.author')}</dt>
      <dd>${manifest.author ? theirs(manifest.author) : words.say('shared.unknown')}</dd>
      <dt>${words.say('consent.signature')}</dt>
      <dd class="signature ${signature.state}">
        ${
          signature.state === 'signed'
            ? words.put('signature.signed', { publisher: theirs(signature.publisher ?? '') })
            : words.say(`signature.${signature.state}`)
        }
      </dd>
      <dt>${words.say('consent.size')}</dt>
      <dd>${words.say('consent.sizeOf', { size: words.bytes(size), n: files.length })}</dd>
      ${
        limits
          ? html`<dt>${words.say('consent.limits')}</dt>
              <dd>
                ${words.say('consent.limitsOf', {
                  memory: words.bytes(Math.min(limits.memoryBytes, host.memoryBytes)),
                  time: words.ms(Math.min(limits.timeoutMs, host.timeoutMs)),
                  storage: words.bytes(Math.min(limits.storageBytes, host.storageBytes)),
                })}
              </dd>`
          : nothing
      }
    </dl>
    <details>
      <summary>${words.say('consent.exact')}</summary>
      <dl class="facts">
        <dt>${words.say('consent.hash')}</dt>
        <dd>${mono(sha256, HASH_BYTES)}</dd>
        ${
          signature.key
            ? html`<dt>${words.say('consent.key')}</dt>
                <dd>${mono(signature.key)}</dd>`
            : nothing
        }
      </dl>
    </details>
  `;
}

/** Of a package with a tick each, or one line of a question. */
type Shown =
  | { readonly line: ConsentLine }
  | { readonly request: PackageRequest; readonly ticked: ReadonlySet<string>; readonly onTick: (event: Event) => void };

export function lines(words: Words, shown: Shown): TemplateResult {
  if ('line' in shown) return html`<ul class="lines-list">${permission(words, shown.line)}</ul>`;
  const { request, ticked, onTick } = shown;
  const { offered, kept, dropped, denied } = request.text;
  const isUpdate = request.review.replaces !== undefined;
  const tick = (line: ConsentLine): Tick | undefined =>
    request.decides && !line.fixed ? { isTicked: ticked.has(line.capability), onTick } : undefined;
  return html`
    <section>
      <h3>${words.say(isUpdate ? 'consent.new' : 'consent.allow')}</h3>
      ${
        offered.length === 0
          ? html`<p>${words.say(isUpdate ? 'consent.nothingNew' : 'consent.asksNothing')}</p>`
          : html`
              ${request.decides ? html`<p class="subtle">${words.say('consent.allowHint')}</p>` : nothing}
              <ul class="lines-list">
                ${offered.map((line) => permission(words, line, tick(line)))}
              </ul>
            `
      }
    </section>
    ${
      dropped.length > 0
        ? html`<section>
            <h3>${words.say('consent.dropped')}</h3>
            <ul class="lines-list">
              ${dropped.map((line) => permission(words, line))}
            </ul>
          </section>`
        : nothing
    }
    ${
      kept.length > 0
        ? html`<details>
            <summary>${words.say('consent.kept', { n: kept.length })}</summary>
            <ul class="lines-list">
              ${kept.map((line) => permission(words, line))}
            </ul>
          </details>`
        : nothing
    }
    ${
      denied.length > 0
        ? html`<section>
            <h3>${words.say('consent.denied')}</h3>
            <ul class="denied">
              ${denied.map((line) => refusal(words, line))}
            </ul>
          </section>`
        : nothing
    }
  `;
}

/** An id says nothing about who made a plugin, so whose data it gets is for a person to say: nothing, unless it is the same one. */
export function leftData(
  words: Words,
  { name, id, since, bytes }: Orphan,
  data: 'empty' | 'keep',
  onChange: (event: Event) => void,
): TemplateResult {
  const values = { plugin: theirs(shownName({ id, name })), time: words.time(since) };
  const choice = (value: 'empty' | 'keep', text: string): TemplateResult => html`
    <label class="choice">
      <input type="radio" name="data" value=${value} .checked=${data === value} @change=${onChange} />
      <span>${text}</span>
    </label>
  `;
  return html`
    <section>
      <h3 id="left">${words.say('consent.left')}</h3>
      <p>
        ${
          bytes === undefined
            ? words.put('consent.leftBy', values)
            : words.put('consent.leftSize', { ...values, size: words.bytes(bytes) })
        }
      </p>
      <div role="radiogroup" aria-labelledby="left">
        ${choice('empty', words.say('consent.leftEmpty'))} ${choice('keep', words.say('consent.leftKeep'))}
      </div>
    </section>
  `;
}

/**
 * What of this page every plugin meets.
 * @param isWhole whether all that the plugin imports is provided
 */
export function pageNotes(words: Words, environment: Environment, isWhole: boolean): TemplateResult {
  const { isolation, hostCalls, storage } = environment;
  return html`
    <section>
      <h3>${words.say('consent.page')}</h3>
      <ul class="notes">
        ${
          isolation === 'none'
            ? html`<li class="bad">${words.say('consent.page.stopped')}</li>`
            : isWhole
              ? html`<li>${words.say('consent.page.imports')}</li>`
              : html`<li class="bad">${words.say('consent.page.missing')}</li>`
        }
        ${hostCalls === 'none' && isolation !== 'none' ? html`<li class="bad">${words.say('consent.page.noWait')}</li>` : nothing}
        ${storage === 'durable' ? nothing : html`<li class="bad">${words.say('consent.page.noStorage')}</li>`}
      </ul>
    </section>
  `;
}

interface Tick {
  readonly isTicked: boolean;
  readonly onTick: (event: Event) => void;
}

function permission(words: Words, line: ConsentLine, tick?: Tick): TemplateResult {
  const { capability, reason, needsServer, sentences } = line;
  const body = html`
    <span class="what">
      ${sentences.map((said) => html`<span class="sentence ${said.change}">${saidWord(words, said)}${sentence(words, said.sentence)}</span>`)}
    </span>
    ${sentences.every(({ change }) => change === 'dropped') ? nothing : html`<span class="tags small">${tags(words, line)}</span>`}
    ${needsServer ? html`<span class="bad small">${sentence(words, needsServer)}</span>` : nothing}
    ${
      reason
        ? html`<span class="reason small"><span class="subtle">${words.say('consent.pluginReason')}</span> ${quoted(reason)}</span>`
        : nothing
    }
  `;
  if (!tick)
    return html`<li class="permission"><span class="fixed" aria-hidden="true"></span><span class="text">${body}</span></li>`;
  return html`
    <li class="permission">
      <label>
        <input
          type="checkbox"
          value=${capability}
          aria-label=${plainSentences(words, line)}
          .checked=${tick.isTicked}
          @change=${tick.onTick}
        />
        <span class="text">${body}</span>
      </label>
    </li>
  `;
}

/** For a screen reader: our sentences alone, without the plugin's reason. */
function plainSentences(words: Words, { sentences }: ConsentLine): string {
  return sentences
    .map(({ sentence: said, change }) => {
      const word = change === 'none' ? '' : `${words.say(CHANGES[change])} `;
      return word + sentenceText(words, said);
    })
    .join(' ');
}

const CHANGES = {
  added: 'consent.added',
  kept: 'consent.keptSentence',
  dropped: 'consent.droppedSentence',
  limited: 'consent.limited',
  lifted: 'consent.lifted',
} as const;

function saidWord(words: Words, { change }: SaidSentence): TemplateResult | typeof nothing {
  if (change === 'none') return nothing;
  return html`<span class="change small">${words.say(CHANGES[change])}</span> `;
}

function tags(words: Words, { risk, optional, fixed }: ConsentLine): TemplateResult {
  return html`
    <span class="risk ${risk}">${riskShape(risk)} ${words.say(`risk.${risk}`)}</span>
    <span class="subtle">${words.say(fixed ? 'consent.always' : optional ? 'consent.optional' : 'consent.needed')}</span>
  `;
}

/** Never colour alone. */
function riskShape(risk: Risk): TemplateResult {
  const shapes = { high: 'M5 .5 10 9.5H0Z', medium: 'M5 .5 9.5 5 5 9.5.5 5Z', low: 'M5 1a4 4 0 1 0 .01 0Z' };
  return html`<svg viewBox="0 0 10 10" aria-hidden="true"><path d=${shapes[risk]} /></svg>`;
}

function refusal(words: Words, line: DeniedLine): TemplateResult {
  return html`<li>${sentence(words, line.sentence)}</li>`;
}
