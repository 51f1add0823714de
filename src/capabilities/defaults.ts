// What a host offers when it is not told otherwise: a list to start from.

import { givenOptions } from '../util/given-options.ts';
import type { Capability } from './capability.ts';
import { files } from './files/files.ts';
import { http } from './http/http.ts';
import { type KvOptions, kv } from './kv/kv.ts';
import { log } from './log/log.ts';
import { dialogs } from './page-dialogs.ts';
import { commands } from './server/commands.ts';
import { comments } from './server/comments.ts';
import { mail } from './server/mail.ts';
import type { RelayedOptions } from './server/relayed.ts';
import { scm } from './server/scm.ts';
import { clock, wasi } from './surroundings.ts';

/**
 * All built-in capabilities. Add to the list, or filter one out by its `name`.
 * @param options `storage` as of the host; without a `relay`, those that may use one get the host's
 * @throws {ClocheError} OPTION_INVALID when the relay is not valid
 */
export function defaultCapabilities(options: KvOptions & RelayedOptions = {}): Capability[] {
  const { storage, relay } = givenOptions<KvOptions & RelayedOptions>('`defaultCapabilities()`', options, {
    storage: true,
    relay: true,
  });
  const relayed: RelayedOptions = relay ? { relay } : {};
  return [
    log(),
    kv(storage === undefined ? {} : { storage }),
    http(relayed),
    files(storage === undefined ? {} : { storage }),
    dialogs(),
    clock(),
    wasi(),
    mail(relayed),
    comments(relayed),
    scm(relayed),
    commands(relayed),
  ];
}
