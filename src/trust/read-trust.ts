// Reads the option `trust`. Comes late: most apps have none.

import type { Act } from '../audit/act.ts';
import { ClocheError } from '../errors.ts';
import type { Grant } from '../permissions/grants.ts';
import { dispose } from '../util/dispose.ts';
import { entriesOf, givenOptions, type KeysOf } from '../util/given-options.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { shown } from '../util/text/shown.ts';
import { checkedPlugins, notAllowed, type PluginRules } from './allowed-plugins.ts';
import type { Blocklist } from './blocklist/blocklist.ts';
import { type CheckedBlocklist, checkedBlocklist } from './blocklist/blocklist-options.ts';
import type { BlocklistState } from './blocklist/blocklist-state.ts';
import { publishersByKey } from './publishers.ts';
import { assertMay, checkedRoles, forbidden, type Role } from './roles.ts';
import type { JudgedPlugin, Publishers, Trust } from './trust.ts';
import type { TrustOptions } from './trust-options.ts';

interface TrustHost {
  readonly storage: string;
  /** @throws {ClocheError} OPTION_INVALID for what no plugin can be granted here */
  checkGrant(grant: unknown): Grant;
  /** Plugins are to be judged anew. */
  changed(): void;
}

const TRUST: KeysOf<TrustOptions> = {
  publishers: true,
  plugins: true,
  sideloading: true,
  grants: true,
  can: true,
  blocklist: true,
};

export class GivenTrust implements Trust {
  readonly publishers: Publishers;
  readonly #rules: PluginRules;
  readonly #grants: ReadonlyMap<string, Grant>;
  readonly #roles: ReadonlySet<Role>;
  readonly #listed: CheckedBlocklist | undefined;
  readonly #host: TrustHost;
  #blocklist: Blocklist | undefined;
  /** By manifest, since calls ask again and again, and whatever changes in a plugin comes with another manifest. */
  #refusals = new WeakMap<object, { readonly error: ClocheError | undefined }>();

  /** @throws {ClocheError} OPTION_INVALID */
  constructor(given: unknown, host: TrustHost) {
    const options = givenOptions<TrustOptions>('`trust`', given, TRUST);
    this.publishers = publishersByKey(options.publishers);
    this.#rules = checkedPlugins(options.plugins, options.sideloading, this.publishers);
    const grants = options.grants === undefined ? [] : entriesOf('trust.grants', options.grants);
    this.#grants = new Map(grants.map(([id, grant]) => [id, host.checkGrant(grant)]));
    this.#roles = checkedRoles(options.can);
    this.#listed = options.blocklist === undefined ? undefined : checkedBlocklist(options.blocklist, this.publishers);
    this.#host = host;
  }

  get keepsHash(): boolean {
    return this.#rules.known !== undefined || this.#listed !== undefined;
  }

  async start(): Promise<void> {
    if (!this.#listed) return;
    const { Blocklist } = await loadChunk(() => import('./blocklist/blocklist.ts'));
    const { storage } = this.#host;
    this.#blocklist = new Blocklist(this.#listed, this.publishers, storage, () => {
      this.#refusals = new WeakMap();
      this.#host.changed();
    });
    await this.#blocklist.start();
  }

  get blocklist(): BlocklistState | undefined {
    return this.#blocklist?.state;
  }

  refusal(plugin: JudgedPlugin): ClocheError | undefined {
    const known = this.#refusals.get(plugin.manifest);
    if (known) return known.error;
    const error = this.#blocklist?.blocked(plugin) ?? notAllowed(this.#rules, plugin, this.publishers);
    this.#refusals.set(plugin.manifest, { error });
    return error;
  }

  fixedGrant(id: string): Grant | undefined {
    return this.#grants.get(id);
  }

  may(role: Role): boolean {
    return this.#roles.has(role);
  }

  assertMay(act: Act | Role): void {
    if (typeof act === 'string') {
      if (!this.may(act)) throw forbidden('This is', act);
      return;
    }
    assertMay(this.#roles, act);
    const isGrant = (act.given as { grant?: unknown } | undefined)?.grant !== undefined;
    if (!isGrant || act.plugin === undefined || !this.#grants.has(act.plugin)) return;
    const message = `What plugin ${shown(act.plugin)} may do is settled by \`trust.grants\` of the app, and \`grant\` changes nothing`;
    throw new ClocheError('GRANT_FIXED', message, { plugin: act.plugin });
  }

  [dispose](): void {
    this.#blocklist?.[dispose]();
  }
}
