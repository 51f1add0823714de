// Whom stored data belongs to, and when it goes: with its plugin, with what takes its place, or when somebody says so.

import type { Capability } from '../../capabilities/capability.ts';
import { ClocheError, messageOf } from '../../errors.ts';
import type { LogWriter } from '../../extensions/context.ts';
import type { InstallOptions } from '../../options.ts';
import { newInstallation } from '../../registry/installation-id.ts';
import type { Orphan } from '../../registry/orphans/orphans.ts';
import type { Registry } from '../../registry/registry.ts';
import type { PackageSignature } from '../../trust/package-signature.ts';
import type { Publishers } from '../../trust/trust.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { Plugin } from '../plugin.ts';
import type { PluginSettings } from '../settings/plugin-settings.ts';

interface PluginDataDeps {
  readonly registry: Pick<Registry, 'notes' | 'forgetOrphan'>;
  readonly capabilities: readonly Capability[];
  readonly publishers: Publishers;
  readonly say: LogWriter;
}

const leftData = () => loadChunk(() => import('../../registry/orphans/orphans.ts'));

export class PluginData {
  readonly #deps: PluginDataDeps;
  /** Installations that were made for plugins which are not stored, or not yet: their data goes with them. */
  readonly #unstored = new Set<string>();

  constructor(deps: PluginDataDeps) {
    this.#deps = deps;
  }

  /**
   * Whom the data of a plugin belongs to that takes nobody's place, and whether it goes with one that is only open.
   * @throws {ClocheError} SIGNATURE_INVALID, SIGNER_CHANGED for what was left by somebody else
   */
  async begin(
    id: string,
    { data }: InstallOptions,
    signature: PackageSignature,
  ): Promise<Pick<PluginSettings, 'installation' | 'temporary'>> {
    if (data === 'keep') {
      const { registry, publishers } = this.#deps;
      const { leftTo } = await leftData();
      return { installation: await leftTo(registry.notes, id, signature, publishers), temporary: false };
    }
    const installation = newInstallation();
    this.#unstored.add(installation);
    return { installation, temporary: true };
  }

  /** Its plugin is stored now. */
  keep(installation: string): void {
    this.#unstored.delete(installation);
  }

  /** Deletes what a plugin that was never stored has stored, once no other one has its data: it may have been replaced. */
  discard(plugin: Plugin, others: Iterable<Plugin>): void {
    const { id, installation } = plugin;
    if ([...others].some((other) => other.state !== 'closed' && other.installation === installation)) return;
    if (!this.#unstored.delete(installation)) return;
    const storing = this.#deps.capabilities.filter(({ name }) => plugin.current.used.has(name));
    // Nobody waits for this: what goes wrong is told where people look.
    void plugin
      .close()
      .then(() => wipeIn(storing, installation))
      .catch((thrown: unknown) => {
        this.#deps.say(id, 'warn', `What it has stored could not be deleted: ${messageOf(thrown)}`);
      });
  }

  /** Deletes all that an installation has stored, and the note of it. @throws {ClocheError} STORAGE_FAILED */
  async wipe(installation: string): Promise<void> {
    await wipeIn(this.#deps.capabilities, installation);
    await this.#deps.registry.forgetOrphan(installation);
  }

  /** Data that a plugin has left stays, and the note of it goes where there is none. @throws {ClocheError} STORAGE_FAILED */
  async leave(installation: string): Promise<void> {
    if (await this.#isEmpty(installation)) await this.wipe(installation);
  }

  /** See `host.orphans`. */
  async orphans(): Promise<Orphan[]> {
    const { registry, capabilities, say } = this.#deps;
    const { notes } = registry;
    const { orphansOf } = await leftData();
    return orphansOf(notes, capabilities, (error) => say('orphans', 'error', error.message));
  }

  /** See `host.wipeOrphan`. */
  async wipeOrphan(installation: string): Promise<void> {
    const { notes } = this.#deps.registry;
    const { markWiping } = await leftData();
    if (!(await markWiping(notes, installation))) {
      throw new ClocheError('OPTION_INVALID', 'Expected `installation` to be one that `orphans()` lists');
    }
    await this.wipe(installation);
  }

  async #isEmpty(installation: string): Promise<boolean> {
    try {
      return await (await leftData()).storesNothing(this.#deps.capabilities, installation);
    } catch {
      // A capability cannot tell, or the part that asks them cannot be loaded: it is not known, and the note stays.
      return false;
    }
  }
}

async function wipeIn(capabilities: readonly Capability[], installation: string): Promise<void> {
  await Promise.all(capabilities.map((capability) => capability.wipe?.(installation)));
}
