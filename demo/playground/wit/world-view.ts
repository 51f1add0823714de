import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import '../../../src/elements/tabs/tabs.ts';
import type { TabEvent } from '../../../src/elements/tabs/tabs.ts';
import { type Part, parseFunction, type Wit } from './parse-wit.ts';
import { type World, type WorldFunction, type WorldInterface, worldText } from './world.ts';
import { styles } from './world-view.styles.ts';

const VIEWS = [
  { id: 'tree', label: 'Tree' },
  { id: 'text', label: 'WIT' },
] as const;

/** What a component imports and exports, as a tree and as text. */
@element('playground-world')
export class WorldView extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @property({ attribute: false }) world: World | undefined;

  @state() private view = 'tree';

  override render() {
    const { world } = this;
    if (!world) return nothing;
    return html`
      <cloche-tabs
        label="World"
        .tabs=${VIEWS}
        .value=${this.view}
        @cloche-tab=${(event: TabEvent) => {
          this.view = event.tab;
        }}
      >
        <div slot="tree">${this.#renderSide('exports', world.exports)}${this.#renderSide('imports', world.imports)}</div>
        <pre slot="text" tabindex="0" aria-label="World as WIT">${worldText(world)}</pre>
      </cloche-tabs>
    `;
  }

  #renderSide(name: string, interfaces: readonly WorldInterface[]): TemplateResult {
    if (interfaces.length === 0) return html`<p class="subtle leaf">no ${name}</p>`;
    return html`
      <details open>
        <summary>${name}</summary>
        <ul>${interfaces.map((one) => this.#renderInterface(one))}</ul>
      </details>
    `;
  }

  #renderInterface({ name, functions }: WorldInterface): TemplateResult[] | TemplateResult {
    const items = functions.map((fn) => html`<li>${renderFunction(fn)}</li>`);
    return name === '' ? items : html`<li>${branch(name, 'interface', items)}</li>`;
  }
}

function renderFunction({ name, type }: WorldFunction): TemplateResult {
  const fn = parseFunction(type);
  if (!fn) return leaf(name, type);
  const parts: Part[] = [...fn.params, ...(fn.result ? [{ name: 'gives', type: fn.result }] : [])];
  return branch(name, 'function', parts.map(renderPart));
}

function renderPart({ name, type }: Part): TemplateResult {
  return html`<li>${type ? renderType(name, type) : leaf(name, '')}</li>`;
}

function partsOf(type: Wit): readonly Part[] {
  switch (type.kind) {
    case 'record':
    case 'variant':
      return type.parts;
    case 'tuple':
      return type.items.map((item, index) => ({ name: `${index + 1}`, type: item }));
    case 'result':
      return [
        { name: 'ok', type: type.ok },
        { name: 'err', type: type.err },
      ];
    default:
      return [];
  }
}

/** Lists and options on one line with what they are of. Parsing has limited how deep and how many types are. */
function renderType(name: string, type: Wit): TemplateResult {
  const words: string[] = [];
  let inner = type;
  while (inner.kind === 'list' || inner.kind === 'option') {
    words.push(inner.kind);
    inner = inner.of;
  }
  const kind = [...words, inner.kind].join(' of ');
  if (inner.kind === 'own' || inner.kind === 'borrow') return leaf(name, `${kind} ${inner.resource}`);
  if (inner.kind === 'flags' || inner.kind === 'enum') return leaf(name, `${kind}: ${inner.names.join(', ')}`);
  return branch(name, kind, partsOf(inner).map(renderPart));
}

function branch(name: string, kind: string, items: readonly TemplateResult[]): TemplateResult {
  if (items.length === 0) return leaf(name, kind);
  return html`<details><summary>${title(name, kind)}</summary><ul>${items}</ul></details>`;
}

function leaf(name: string, kind: string): TemplateResult {
  return html`<p class="leaf">${title(name, kind)}</p>`;
}

function title(name: string, kind: string): TemplateResult {
  return html`<code><bdi>${name}</bdi></code> <span class="subtle small"><bdi>${kind}</bdi></span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'playground-world': WorldView;
  }
}
