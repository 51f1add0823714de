// All host functions of Windshift plugins, by the capability that is granted for them.

import type { HostFunction } from '../../../capabilities/host-function.ts';
import type { CapabilityServices, DialectFunction, RelayService, Services } from '../../../capabilities/services.ts';
import { written } from '../go/host-function.ts';
import { RELAYED, type RelayedName } from '../relayed-names.ts';
import { cliExec } from './cli-exec.ts';
import { createComment } from './create-comment.ts';
import { windshiftHttp } from './http-fetch.ts';
import { windshiftKv } from './kv.ts';
import { windshiftLog } from './log.ts';
import type { OfferedBy } from './relayed-function.ts';
import { createBranch, createItemLink } from './scm.ts';
import { smtpSend } from './smtp-send.ts';

const RELAYED_BY_NAME: Readonly<Record<RelayedName, OfferedBy>> = {
  smtp_send: smtpSend,
  create_comment: createComment,
  scm_create_branch: createBranch,
  scm_create_item_link: createItemLink,
  cli_exec: cliExec,
};

export function windshiftFunctions(services: Services): DialectFunction[] {
  return [...services].flatMap(([capability, service]) => functionsOf(capability, service));
}

/**
 * What a plugin hears of a function that nobody provides: of one of the contract what it answers where its service is not
 * configured, of one of a fork or a later revision an error in the form that most of them have.
 */
export function failedStub(name: string): HostFunction['failed'] {
  const offers = new Map<string, (service: never) => HostFunction>(
    Object.entries({ ...RELAYED_BY_NAME, http_fetch: windshiftHttp }),
  );
  // Nothing of it is called but what it says of a failure, which is no service's.
  const known = offers.get(name)?.({} as never);
  return known?.failed ?? (({ message: error }) => written({ status: 'error', error }));
}

function functionsOf(capability: string, { kv, http, log, relay }: CapabilityServices): DialectFunction[] {
  const own = (name: string, fn: HostFunction): DialectFunction => ({
    ...fn,
    name,
    capability,
  });
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

export function relayedFunction(capability: string, fn: RelayedName, service: RelayService): HostFunction {
  return RELAYED_BY_NAME[fn]({ ...service, capability, fn });
}
