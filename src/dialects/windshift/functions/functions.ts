// All host functions of Windshift plugins, by the capability that is granted for them.

import type { HostFunction } from '../../../capabilities/host-function.ts';
import type { CapabilityServices, DialectFunction, RelayService, Services } from '../../../capabilities/services.ts';
import { RELAYED } from '../relayed-names.ts';
import { cliExec } from './cli-exec.ts';
import { createComment } from './create-comment.ts';
import { windshiftHttp } from './http-fetch.ts';
import { windshiftKv } from './kv.ts';
import { windshiftLog } from './log.ts';
import type { OfferedBy } from './relayed-function.ts';
import { createBranch, createItemLink } from './scm.ts';
import { smtpSend } from './smtp-send.ts';

const RELAYED_BY_NAME: Readonly<Record<string, OfferedBy>> = {
  smtp_send: smtpSend,
  create_comment: createComment,
  scm_create_branch: createBranch,
  scm_create_item_link: createItemLink,
  cli_exec: cliExec,
};

export function windshiftFunctions(services: Services): DialectFunction[] {
  return [...services].flatMap(([capability, service]) => functionsOf(capability, service));
}

function functionsOf(capability: string, { kv, http, log, relay }: CapabilityServices): DialectFunction[] {
  const own = (name: string, fn: HostFunction): DialectFunction => ({ ...fn, name, capability });
  return [
    // They read and write in two steps.
    ...(kv ? [...windshiftKv(kv)].map(([name, fn]) => ({ ...own(name, fn), exclusive: true })) : []),
    ...(http ? [own('http_fetch', windshiftHttp(http))] : []),
    ...(log ? [own('log', windshiftLog)] : []),
    ...(relay
      ? (RELAYED.get(capability) ?? []).map((name) => own(name, relayedFunction(capability, name, relay)))
      : []),
  ];
}

/** @throws {Error} for a name that is none of theirs: a mistake of ours */
export function relayedFunction(capability: string, fn: string, service: RelayService): HostFunction {
  const offered = RELAYED_BY_NAME[fn];
  if (!offered) throw new Error(`Expected a host function \`${fn}\``);
  return offered({ ...service, capability, fn });
}
