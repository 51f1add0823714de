// Installs and opens plugins: what is read and tried first, what takes whose place, and what an update keeps. Comes late, with
// what reads packages: a page whose plugins are installed needs neither.

import { ClocheError, messageOf } from '../../errors.ts';
import type { InstallOptions } from '../../options.ts';
import { alreadyInstalled } from '../../registry/already-installed.ts';
import { firstVersion } from '../../registry/versions.ts';
import type { LeftSignature } from '../../trust/package-signature.ts';
import { oneOf } from '../../util/given-options.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import { mergedSecrets } from '../config/late-configs.ts';
import type { HostContext } from '../host-context.ts';
import type { Plugin } from '../plugin.ts';
import type { PluginSettings } from '../settings/plugin-settings.ts';
import { type RegistrySync, recordOf } from '../storage/registry-sync.ts';
import type { AskedInstall } from './asked-install.ts';
import type { PluginReview } from './plugin-review.ts';
import { assertAllowed, type ReadPlugin, readPlugin } from './read-plugin.ts';
import { inPlaceOf, tryOut } from './try-out.ts';

type Replace = 'keep' | 'wipe' | false;

const updates = () => loadChunk(() => import('./updates.ts'));

export class Installer {
  readonly #context: HostContext;
  readonly #sync: RegistrySync;

  constructor(context: HostContext, sync: RegistrySync) {
    this.#context = context;
    this.#sync = sync;
  }

  /** See `host.install`. */
  async install(asked: AskedInstall): Promise<Plugin> {
    const { options } = asked;
    const replace = checkedReplace(options);
    const read = await this.#read(asked);
    const { id } = read.manifest;
    // Another tab may have installed one of this id a moment ago.
    if (replace) await this.#sync.follow(id);
    const before = this.#context.plugins.get(id);
    if (before && !(this.#sync.isInstalled(before) && replace)) throw alreadyInstalled(id);
    if (!before || replace === 'wipe') return this.#add(read, options, replace);
    return (await updates()).update(this.#context, before, read, options);
  }

  /** See `host.open`. */
  async open(asked: AskedInstall): Promise<Plugin> {
    const { plugins, files, data } = this.#context;
    const { options } = asked;
    const replace = checkedReplace(options);
    const read = await this.#read(asked);
    const { id } = read.manifest;
    const before = plugins.get(id);
    if (before && !(replace && files.has(before))) throw alreadyInstalled(id);
    this.#assertMayGrant(read, options);
    const kept = replace === 'keep' ? before?.settings : undefined;
    if (kept) (await this.#ownerCheck(read))(kept.signature);
    const { installation, temporary } = kept ?? (await data.begin(id, options, read.settings.signature));
    const secrets = mergedSecrets(kept?.secrets ?? new Map(), await read.seal(installation));
    const settings = {
      ...read.settings,
      secrets,
      installedAt: undefined,
      installation,
      temporary,
      pending: undefined,
    };
    const plugin = await this.#started(read, settings, options.signal);
    // Somebody else may have been faster while this one started.
    await inPlaceOf(before, plugin, this.#context, () => Promise.resolve(plugins.set(id, plugin)));
    await before?.close();
    this.#context.tell(id, 'installed');
    return plugin;
  }

  /** See `host.review`. */
  async review(asked: AskedInstall): Promise<PluginReview> {
    const { options } = asked;
    const replace = checkedReplace(options);
    const read = await readPlugin(asked, this.#context);
    const { id } = read.manifest;
    await this.#sync.follow(id);
    const before = this.#context.plugins.get(id);
    const isUpdate = before && this.#sync.isInstalled(before) && replace !== 'wipe';
    const { review } = await loadChunk(() => import('./review.ts'));
    return review(this.#context, read, isUpdate ? before : undefined, options);
  }

  async #read(asked: AskedInstall): Promise<ReadPlugin> {
    const read = await readPlugin(asked, this.#context);
    if (!read.isIdMade || !this.#context.dialects.get(read.manifest.dialect).code.tellsId) return read;
    const { askForId } = await loadChunk(() => import('./ask-for-id.ts'));
    const manifest = { ...read.manifest, ...(await askForId(this.#context, read, asked.options.signal)) };
    assertAllowed(this.#context.trust, { ...read.settings, manifest, sha256: read.sha256 }, asked.options);
    return { ...read, manifest };
  }

  /** What is new here gets what its manifest asks for, unless somebody says otherwise: who may not grant has to. */
  #assertMayGrant({ manifest }: ReadPlugin, { grant }: InstallOptions): void {
    const { trust } = this.#context;
    if (grant !== undefined || trust.fixedGrant?.(manifest.id) !== undefined) return;
    trust.assertMay?.('grant');
  }

  /** A plugin that is new, or takes the place of one whose data goes. */
  async #add(read: ReadPlugin, options: InstallOptions, replace: Replace): Promise<Plugin> {
    const { id } = read.manifest;
    const { registry, plugins, files, data } = this.#context;
    this.#assertMayGrant(read, options);
    const before = plugins.get(id);
    // Only one whose record cannot be read is stored and not here.
    const damaged = replace === 'keep' ? await registry.ownerOf(id) : undefined;
    // Only what is there already can be somebody's.
    const assertTakesOver = damaged || options.data === 'keep' ? await this.#ownerCheck(read) : undefined;
    if (damaged) assertTakesOver?.(damaged.signature);
    const { installation } = damaged ?? (await data.begin(id, options, read.settings.signature));
    const secrets = mergedSecrets(new Map(), await read.seal(installation));
    const settings = {
      ...read.settings,
      secrets,
      installedAt: Date.now(),
      installation,
      temporary: false,
      pending: undefined,
    };
    const plugin = await this.#started(read, settings, options.signal);
    await inPlaceOf(before, plugin, this.#context, () =>
      registry.put(recordOf(plugin.manifest, settings), read.files, {
        replace,
        versions: firstVersion(installation, read.sha256),
        from: read.from,
        ...(assertTakesOver && { assertTakesOver }),
      }),
    );
    data.keep(installation);
    files.delete(plugin);
    this.#sync.forgetUnreadable(id);
    plugins.set(id, plugin);
    await this.#keepFacts(plugin);
    if (before) {
      await before.close();
      this.#context.tell(id, 'uninstalled');
    }
    this.#context.tell(id, 'installed');
    if (before) await this.#wipeReplaced(before);
    return plugin;
  }

  /** What was read while it was tried out. Without it the next page looks first. */
  async #keepFacts(plugin: Plugin): Promise<void> {
    try {
      await this.#context.files.keepFacts(plugin, await plugin.inspect());
    } catch (thrown) {
      this.#context.say(plugin.id, 'warn', `what it imports could not be stored: ${messageOf(thrown)}`);
    }
  }

  /** Throws where what one of its id has may not go to it. */
  async #ownerCheck({ manifest, settings }: ReadPlugin): Promise<(left: LeftSignature) => void> {
    const { assertTakesOver } = await updates();
    return (left) => assertTakesOver(manifest.id, this.#context.publishers, left, settings.signature);
  }

  /** The new one is installed, whatever becomes of the data of the one before. */
  async #wipeReplaced({ id, installation }: Plugin): Promise<void> {
    try {
      await this.#context.data.wipe(installation);
    } catch (thrown) {
      const what = 'What the plugin before it stored could not be wiped; `orphans()` lists it now';
      this.#context.say(id, 'error', `${what}: ${messageOf(thrown)}`);
    }
  }

  async #started(
    { manifest, files }: ReadPlugin,
    settings: PluginSettings,
    signal: AbortSignal | undefined,
  ): Promise<Plugin> {
    const plugin = this.#context.make(manifest, settings, files);
    await tryOut(plugin, this.#context, signal);
    return plugin;
  }
}

/**
 * What may become of a plugin that has the id.
 * @throws {ClocheError} OPTION_INVALID, also for keeping what nobody can keep
 */
function checkedReplace({ replace = false, data = 'empty' }: InstallOptions): Replace {
  const word = typeof replace === 'boolean' ? replace && 'keep' : replace;
  const checked = word === false ? word : oneOf('replace', word, ['keep', 'wipe']);
  if (oneOf('data', data, ['empty', 'keep']) === 'keep' && checked === 'wipe') {
    throw new ClocheError('OPTION_INVALID', "`replace: 'wipe'` starts empty, so it cannot go with `data: 'keep'`");
  }
  return checked;
}
