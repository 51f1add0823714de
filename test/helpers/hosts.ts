// Hosts for tests: each with storage of its own, and closed after its test.

import {
  createHost,
  type Host,
  type HostOptions,
  type KillRecord,
  type Plugin,
  type PluginChange,
} from '../../src/index.ts';
import { afterFiles } from '../together/hooks.ts';

const open = new Set<Host>();

/** Other engines that run beside this one share the two cores, so starts get more time than by default. */
const PATIENT = { startTimeoutMs: 20_000 };

export function uniqueStorage(): string {
  return `test-${crypto.randomUUID()}`;
}

/** Closed by the test file's end at the latest; `closeHosts` does it after each test. */
export async function makeHost(options: HostOptions = {}): Promise<Host> {
  const host = await createHost({
    storage: uniqueStorage(),
    ...options,
    limits: { ...PATIENT, ...options.limits },
  });
  open.add(host);
  return host;
}

export async function closeHosts(): Promise<void> {
  const hosts = [...open];
  open.clear();
  await Promise.all(hosts.map((host) => host.close()));
}

afterFiles.add(closeHosts);

/** Ends the plugins of a host that serves all tests of a file. */
export async function closePlugins(host: Host): Promise<void> {
  await Promise.all(host.plugins.map((plugin) => plugin.close()));
}

/** The kills of a host from now on, oldest first. */
export function killsOf(host: Host): KillRecord[] {
  const kills: KillRecord[] = [];
  host.addEventListener('kill', ({ record }) => kills.push(record));
  return kills;
}

/** What becomes of plugins of a host from now on, but for their calls: `id change`, oldest first. */
export function changesOf(host: Host): string[] {
  const changes: string[] = [];
  const told: readonly PluginChange[] = ['installed', 'updated', 'pending', 'uninstalled', 'settings'];
  host.addEventListener('pluginchange', ({ plugin, change }) => {
    if (told.includes(change)) changes.push(`${plugin} ${change}`);
  });
  return changes;
}

/** A plugin that has to be there. */
export function existing(plugin: Plugin | undefined): Plugin {
  if (!plugin) throw new Error('Expected the plugin to be there');
  return plugin;
}

/** Resolves as soon as `holds` does. @throws after `ms` */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string, ms = 5_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Expected ${what} within ${ms} ms`);
    await pause(10);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms));
}
