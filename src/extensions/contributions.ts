// What plugins add to the points that the host app declares: listed, checked and ordered, and told when it changes.

import { ExtensionChangeEvent } from '../events.ts';
import type { Contribution } from '../manifest/contributions.ts';
import type { Extension, ExtensionContext, ExtensionPlugin, PluginCommand } from './context.ts';
import { misfit } from './points.ts';

export type ContributionContext = Pick<ExtensionContext, 'points' | 'say' | 'dispatch'> & {
  readonly host: { readonly plugins: readonly ExtensionPlugin[] };
};

/** Of one that names no group. */
const DEFAULT_GROUP = 'Plugins';

export class Contributions {
  readonly #context: ContributionContext;
  /** What was said about contributions that are left out, so that it is said once. */
  readonly #said = new Set<string>();
  #byPoint: ReadonlyMap<string, readonly Extension[]> = new Map();
  commands: readonly PluginCommand[] = [];

  constructor(context: ContributionContext) {
    this.#context = context;
  }

  /** By group, order, label and plugin; of one point or of all, point by point. */
  list(point?: string): readonly Extension[] {
    return point === undefined ? [...this.#byPoint.values()].flat() : [...(this.#byPoint.get(point) ?? [])];
  }

  /** Looks again; an event tells of each point at which something is different, and of commands. */
  refresh(): void {
    const commands = this.commands;
    this.commands = commandsOf(this.#context.host.plugins);
    if (JSON.stringify(commands) !== JSON.stringify(this.commands)) this.#context.dispatch(new Event('commandschange'));
    const before = this.#byPoint;
    this.#byPoint = this.#look();
    for (const [point, extensions] of this.#byPoint) {
      if (JSON.stringify(before.get(point) ?? []) === JSON.stringify(extensions)) continue;
      this.#context.dispatch(new ExtensionChangeEvent(point));
    }
  }

  #look(): Map<string, readonly Extension[]> {
    const { points, host } = this.#context;
    const byPoint = new Map<string, Extension[]>([...points.keys()].map((name) => [name, []]));
    for (const plugin of host.plugins.filter(({ active }) => active)) {
      for (const contribution of plugin.contributed.contributions) {
        if (this.#fits(plugin, contribution)) byPoint.get(contribution.point)?.push(extensionOf(plugin, contribution));
      }
    }
    for (const extensions of byPoint.values()) extensions.sort(inOrder);
    return byPoint;
  }

  #fits({ id }: ExtensionPlugin, contribution: Contribution): boolean {
    const point = this.#context.points.get(contribution.point);
    const name = `${JSON.stringify(contribution.label)} for the extension point ${JSON.stringify(contribution.point)}`;
    if (!point) {
      this.#sayOnce(id, `${name} is not shown: this app has no such point`);
      return false;
    }
    const problem = misfit(point, contribution);
    if (problem !== undefined) this.#sayOnce(id, `${name} is left out: ${problem}`);
    return problem === undefined;
  }

  #sayOnce(plugin: string, text: string): void {
    const key = `${plugin}: ${text}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#context.say(plugin, 'warn', text);
  }
}

/** What a plugin defines while it runs takes the place of what its manifest says, but for what it leaves out. */
function commandsOf(plugins: readonly ExtensionPlugin[]): PluginCommand[] {
  const byName = new Map<string, PluginCommand>();
  for (const { id: plugin, active, contributed } of plugins) {
    for (const command of active ? contributed.commands : []) {
      const name = `${plugin}.${command.name}`;
      const { description, params, returnType } = byName.get(name) ?? command;
      byName.set(name, {
        name,
        plugin,
        description: command.description || description,
        params: command.params[0] ? command.params : params,
        returnType: command.returnType || returnType,
      });
    }
  }
  return [...byName.values()];
}

function extensionOf({ id, manifest }: ExtensionPlugin, contribution: Contribution): Extension {
  return Object.freeze({
    ...contribution,
    group: contribution.group || DEFAULT_GROUP,
    order: contribution.order ?? 0,
    plugin: id,
    pluginName: manifest.name,
    pluginVersion: manifest.version,
  });
}

/** As people of this locale read them; unlike groups are never mixed. */
const { compare } = new Intl.Collator(undefined, { numeric: true });

function inOrder(a: Extension, b: Extension): number {
  return (
    compare(a.group, b.group) ||
    compareText(a.group, b.group) ||
    a.order - b.order ||
    compare(a.label, b.label) ||
    compareText(a.plugin, b.plugin) ||
    compareText(a.id, b.id)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
