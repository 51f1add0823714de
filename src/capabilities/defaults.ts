// What a host offers when it is not told otherwise: a list to start from.

import { givenOptions } from '../given-options.ts';
import type { Capability } from './capability.ts';
import { commands } from './commands.ts';
import { comments } from './comments.ts';
import { dialogs } from './dialogs.ts';
import { http } from './http.ts';
import { type KvOptions, kv } from './kv.ts';
import { log } from './log.ts';
import { mail } from './mail.ts';
import type { RelayedOptions } from './relayed.ts';
import { scm } from './scm.ts';

/**
 * All built-in capabilities. Add to the list, or filter one out by its `name`.
 * @param options `storage` as of the host; without a `relay`, `mail`, `commands`, `comments` and `scm` get the host's
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
    http(),
    dialogs(),
    mail(relayed),
    comments(relayed),
    scm(relayed),
    commands(relayed),
  ];
}
