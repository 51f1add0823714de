// Makes a host: checks its options, and opens what it is made of, all of it or nothing.

import type { AuditLog } from '../audit/audit-log.ts';
import type { ClocheError } from '../errors.ts';
import type { HostOptions } from '../options.ts';
import { checkedGrant } from '../permissions/grants.ts';
import { openRegistry, type Registry } from '../registry/registry.ts';
import { chooseIsolation, switchedOff } from '../runtime/environment.ts';
import { SandboxPool } from '../runtime/sandbox-pool.ts';
import { NO_TRUST, type Trust } from '../trust/trust.ts';
import { asyncDispose, dispose } from '../util/dispose.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { type CheckedOptions, checkedOptions } from './checked-options.ts';
import { Host } from './host.ts';

/**
 * Makes a host. Never throws for a missing engine feature, or where nothing may be stored: `host.environment` says so.
 * @throws {ClocheError} OPTION_INVALID for an option out of range; STORAGE_FAILED when the registry cannot be read;
 * ISOLATION_UNAVAILABLE where `requireOwnProcess` demands what the engine has not.
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  const settings = checkedOptions(options);
  let host: Host | undefined;
  const judge = (): void => host?.judge();
  const [trust, audit] = await Promise.all([trustOf(settings, judge), auditOf(settings)]);
  // Told of nothing before somebody asks for records.
  const onBroken = (id: string, error: ClocheError): void => host?.noteUnreadable(id, error);
  // At the same time: either waits for the browser. What plugins live in takes longer, and so begins first.
  const [pool, registry] = await both(openPool(settings), openRegistry({ storage: settings.storage, onBroken }));
  host = new Host(settings, { pool, registry, trust, audit });
  try {
    await host.restore();
  } catch (thrown) {
    await host.close();
    throw thrown;
  }
  return host;
}

/** Where plugins will live: on its way before anything is known of them. */
async function openPool(settings: CheckedOptions): Promise<SandboxPool> {
  const isolation = settings.disabled ? switchedOff() : await chooseIsolation(settings);
  const pool = new SandboxPool(isolation, settings.live, settings.idleMs);
  // Whoever starts a plugin hears why it did not open; warming is only a favour.
  if (!settings.disabled) pool.warm().catch(() => undefined);
  return pool;
}

async function trustOf({ trust, storage, capabilities }: CheckedOptions, changed: () => void): Promise<Trust> {
  if (trust === undefined) return NO_TRUST;
  const { GivenTrust } = await loadChunk(() => import('../trust/read-trust.ts'));
  return new GivenTrust(trust, { storage, changed, checkGrant: (grant) => checkedGrant(grant, capabilities) });
}

async function auditOf({ audit, storage }: CheckedOptions): Promise<AuditLog | undefined> {
  if (audit === undefined || audit === false) return undefined;
  const { AuditLog } = await loadChunk(() => import('../audit/audit-log.ts'));
  return new AuditLog(audit, storage);
}

/** Both, or neither: what was opened beside one that fails is closed again. */
async function both(
  opening: Promise<SandboxPool>,
  reading: Promise<Registry>,
): Promise<readonly [SandboxPool, Registry]> {
  const [pool, registry] = await Promise.allSettled([opening, reading]);
  if (pool.status === 'fulfilled' && registry.status === 'fulfilled') return [pool.value, registry.value];
  if (pool.status === 'fulfilled') await pool.value[asyncDispose]();
  if (registry.status === 'fulfilled') registry.value[dispose]();
  throw pool.status === 'rejected' ? pool.reason : (registry as PromiseRejectedResult).reason;
}
