import { html, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { element } from '../../element.ts';
import { Acts } from '../base/acts.ts';
import { AdminElement } from '../base/admin-element.ts';
import type { AdminHost } from '../base/admin-host.ts';
import { failure } from '../base/failure.ts';
import { mono, plain, theirs } from '../base/theirs.ts';
import '../consent/consent.ts';
import type { ClocheConsent } from '../consent/consent.ts';
import type { OnConsent } from '../consent/consent-events.ts';
import { type FaultyFolder, type ServerData, type ServerFolder, type ServerPlugin, takeOver } from './late.ts';
import { styles } from './take-over.styles.ts';

type ReadFolder = Awaited<ReturnType<typeof takeOver>>['pluginsInFolder'];

/**
 * Takes the plugins of a server's folder to their consents, one by one, and what they keep there after them. Part of `<cloche-admin>`.
 *
 * @event {ConsentEvent} consent - Somebody has decided.
 */
@element('cloche-take-over')
export class ClocheTakeOver extends AdminElement {
  static override styles = [AdminElement.styles, styles].flat();

  /** The app's own dialog, in place of the one of `<cloche-consent>`: it is given the same data. */
  @property({ attribute: false }) onConsent: OnConsent | undefined;

  @state() private folder: ServerFolder | undefined;
  @state() private data: ReadonlyMap<string, ServerData> | undefined;
  /** Plugins that were installed from this folder. */
  @state() private installed: ReadonlySet<string> = new Set();
  /** Those whose data was imported from this export. */
  @state() private imported: ReadonlySet<string> = new Set();
  @query('cloche-consent') private consent!: ClocheConsent;
  readonly #acts = new Acts(this);

  /** Shows the plugins of a folder. @param chosen a folder, or the files that an `<input webkitdirectory>` gives */
  async readFolder(chosen: Parameters<ReadFolder>[0]): Promise<void> {
    await this.#acts.run('', async () => {
      this.folder = undefined;
      this.installed = new Set();
      this.imported = new Set();
      this.folder = await (await takeOver()).pluginsInFolder(chosen);
    });
  }

  /** Takes an export of what they keep; the one before stays where this one cannot be read. */
  async readExport(file: Blob): Promise<void> {
    await this.#acts.run('', async () => {
      this.data = await (await takeOver()).dataInExport(file);
      this.imported = new Set();
    });
  }

  #handleFolder = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    // The same may be chosen again.
    input.value = '';
    if (files.length > 0) void this.readFolder(files);
  };

  #handleExport = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = '';
    if (file) void this.readExport(file);
  };

  #handleDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Here a file is an export, and no plugin. */
  #handleDrop = (event: DragEvent): void => {
    if (this.#isOff) return;
    const entry = event.dataTransfer?.items[0]?.webkitGetAsEntry();
    const [file] = event.dataTransfer?.files ?? [];
    if (!entry && !file) return;
    event.preventDefault();
    event.stopPropagation();
    if (entry?.isDirectory) void this.readFolder(entry as FileSystemDirectoryEntry);
    else if (file) void this.readExport(file);
  };

  async #take(host: AdminHost, { id, source }: ServerPlugin): Promise<void> {
    if (!this.installed.has(id)) {
      const plugin = await this.consent.install(source, { replace: 'keep' });
      if (!plugin) return;
      this.installed = new Set([...this.installed, id]);
    }
    const data = this.data?.get(id);
    if (!data) return;
    await host.get(id)?.importData(data.file);
    this.imported = new Set([...this.imported, id]);
  }

  get #isOff(): boolean {
    return !this.host || this.host.disabled || this.#acts.busy !== undefined;
  }

  override render(): TemplateResult {
    const { words, host } = this;
    const { failed } = this.#acts;
    return html`
      <details @dragover=${this.#handleDragOver} @drop=${this.#handleDrop}>
        <summary>${words.say('takeOver.title')}</summary>
        <div class="from">
          <label>
            <span>${words.say('takeOver.folder')}</span>
            <input id="folder" type="file" webkitdirectory ?disabled=${this.#isOff} @change=${this.#handleFolder} />
          </label>
          <label>
            <span>${words.say('takeOver.export')}</span>
            <input id="export" type="file" accept=".json,application/json" ?disabled=${this.#isOff} @change=${this.#handleExport} />
          </label>
        </div>
        <p class="subtle small">${words.say('takeOver.hint')}</p>
        ${failed?.act === '' ? failure(words, failed.error) : nothing}
        ${host && this.folder ? this.#renderFound(host, this.folder) : nothing}
        ${this.#renderData()}
      </details>
      <cloche-consent exportparts="dialog, failure" .host=${host} .onConsent=${this.onConsent}></cloche-consent>
    `;
  }

  #renderFound(host: AdminHost, { plugins, faulty }: ServerFolder) {
    const { words } = this;
    if (plugins.length + faulty.length === 0) return html`<p class="empty">${words.say('takeOver.none')}</p>`;
    return html`
      <ul aria-label=${words.say('takeOver.found')}>
        ${plugins.map((plugin) => this.#renderPlugin(host, plugin))}
        ${faulty.map((folder) => this.#renderFaulty(folder))}
      </ul>
    `;
  }

  #renderPlugin(host: AdminHost, plugin: ServerPlugin) {
    const { words } = this;
    const { id, version } = plugin;
    const isInstalled = this.installed.has(id);
    const data = this.data?.get(id);
    const isDone = isInstalled && (!data || this.imported.has(id));
    const { failed } = this.#acts;
    return html`
      <li>
        <div>
          ${theirs(id)} ${version ? mono(version, 40) : nothing}
          ${data ? html`<div class="subtle small">${words.say('takeOver.keys', { n: data.keys })}</div>` : nothing}
          ${!isInstalled && host.get(id) ? html`<div class="small">${words.say(data ? 'takeOver.replaces' : 'takeOver.updates')}</div>` : nothing}
        </div>
        ${
          isDone
            ? html`<span role="status">${words.say(data ? 'takeOver.doneData' : 'takeOver.done')}</span>`
            : html`
          <button
            type="button"
            aria-label=${words.say(isInstalled ? 'takeOver.takeDataName' : 'takeOver.takeName', { name: plain(id) })}
            ?disabled=${this.#isOff}
            @click=${() => void this.#acts.run(id, () => this.#take(host, plugin))}
          >${words.say(isInstalled ? 'takeOver.takeData' : 'takeOver.take')}</button>
        `
        }
        ${failed?.act === id ? html`<div class="wide">${failure(words, failed.error)}</div>` : nothing}
      </li>
    `;
  }

  #renderFaulty({ folder, error }: FaultyFolder) {
    const { words } = this;
    return html`
      <li>
        <span>${words.put('takeOver.faulty', { folder: theirs(folder) })}</span>
        <div class="wide">${failure(words, error, 'note')}</div>
      </li>
    `;
  }

  /** What is in the export, and whose of it no plugin is here. */
  #renderData() {
    const { words, data, folder } = this;
    if (!data) return nothing;
    const others = [...data.keys()].filter((id) => !folder?.plugins.some((plugin) => plugin.id === id));
    return html`
      <p role="status" class="small">${words.say('takeOver.exported', { n: data.size })}</p>
      ${folder && others.length > 0 ? html`<p class="notice">${words.put('takeOver.others', { names: theirs(others.join(', '), 1_000) })}</p>` : nothing}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-take-over': ClocheTakeOver;
  }
}
