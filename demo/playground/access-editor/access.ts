// From what a user ticked to a grant. Settings replace those of before, so a grant names all that is given.

import type { Grant } from '../../../src/permissions/grants.ts';
import type { AskedPermission, PluginLike } from '../host-like.ts';

/** What the user says about one capability that a plugin asks for. */
export interface Choice {
  readonly allowed: boolean;
  /** Hosts of `http`, one a line; undefined for other capabilities. */
  readonly hosts: string | undefined;
}

export function choiceOf(plugin: PluginLike, asked: AskedPermission): Choice {
  const hosts = asked.capability === 'http' ? hostsOf(plugin.grants.get('http')).join('\n') : undefined;
  return { allowed: asked.granted, hosts };
}

export function grantOf(plugin: PluginLike, choices: ReadonlyMap<string, Choice>): Grant {
  const allowed = [...choices].filter(([, choice]) => choice.allowed);
  return Object.fromEntries(
    allowed.map(([capability, { hosts }]) => [
      capability,
      hosts === undefined ? scopeOf(plugin, capability) : httpScope(plugin, hosts),
    ]),
  );
}

/** What it has, else what it asks for; `true` is all of it. */
function scopeOf(plugin: PluginLike, capability: string): unknown {
  const asked = plugin.requests().find((request) => request.capability === capability);
  return plugin.grants.get(capability) ?? asked?.scope ?? true;
}

function httpScope(plugin: PluginLike, hosts: string): unknown {
  const { methods } = fields(plugin.grants.get('http') ?? scopeOf(plugin, 'http'));
  const allow = hosts.split(/\s+/).filter(Boolean);
  return { allow, ...(Array.isArray(methods) && { methods }) };
}

function hostsOf(scope: unknown): readonly string[] {
  const { allow } = fields(scope);
  return Array.isArray(allow) ? allow.filter((host) => typeof host === 'string') : [];
}

function fields(scope: unknown): { readonly allow?: unknown; readonly methods?: unknown } {
  return typeof scope === 'object' && scope !== null ? scope : {};
}
