// A host call that is to be answered: whose it is, what it wants, and how it ended.

import type { ClocheError } from '../../errors.ts';
import type { CallDecision } from '../../events.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import type { HostWait } from '../../runtime/calls/host-wait.ts';
import type { LeaseOffer } from '../../runtime/calls/lease-offer.ts';
import type { RunningCall } from '../../runtime/calls/running-call.ts';
import type { HostAnswer, WireError, WireValue } from '../../runtime/wire/protocol.ts';
import type { EffectiveSettings, OptionalRequest } from '../settings/effective-settings.ts';
import type { PluginSettings } from '../settings/plugin-settings.ts';
import type { OfferedFunction } from './offered-functions.ts';

/** What the host functions of a plugin are called by. */
export interface CallingPlugin {
  readonly id: string;
  readonly installation: string;
  readonly manifest: PluginManifest;
  readonly settings: Pick<PluginSettings, 'config' | 'secrets' | 'temporary'>;
  /**
   * What holds for it now. Its functions are as its worker counts them: an update to another dialect, or to other imports, ends the
   * worker.
   */
  readonly effective: Pick<EffectiveSettings, 'functions' | 'limits' | 'grants' | 'optional' | 'asked'>;
  /** Capabilities that it has called. */
  readonly used: Set<string>;
  /** A person has said yes to it. @throws {ClocheError} STORAGE_FAILED, CLOSED */
  allow(request: OptionalRequest['accepted'], duration: 'always' | 'session'): Promise<void>;
}

export interface DispatchedCall {
  readonly fn: OfferedFunction;
  readonly running: RunningCall;
  readonly args: readonly WireValue[];
  readonly began: number;
  /** For what it leases to its call. */
  readonly offer?: LeaseOffer | undefined;
  /** That of all calls one-way, where it is one. */
  readonly signal?: AbortSignal;
  /** Which rule has said yes or no to it, where one has. */
  decision?: CallDecision;
}

/** What its host function is bound by. */
export type CallWait = Pick<HostWait, 'signal' | 'remainingMs'>;

export type Settled = Extract<HostAnswer, { ok: true }> | Failure;

export interface Failure {
  readonly ok: false;
  readonly error: WireError;
  /** What the plugin may hear in full; undefined for what is only the page's business. */
  readonly told: ClocheError | undefined;
}
