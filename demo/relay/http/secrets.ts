// Secrets of a plugin, which stay on this server: the plugin writes a handle, `{{secret:name}}`, into the value of a header, and
// the secret takes its place on the way out. On the way back it is the other way round.

import { entryCovers } from '../../../src/capabilities/http/host-pattern.ts';
import { fillHandles } from '../../../src/secrets/handle.ts';
import { Redactor } from '../../../src/secrets/redactor.ts';
import { visibleText } from '../../../src/util/text/visible-text.ts';
import type { SecretConfig } from '../config.ts';
import { RequestFailure } from './request-failure.ts';

/** The redactor knows those of several plugins; here each has its own. */
const PLUGIN = '';

export class Secrets {
  readonly #byName: ReadonlyMap<string, SecretConfig>;
  readonly #redactor = new Redactor();

  constructor(configs: Readonly<Record<string, SecretConfig>>) {
    this.#byName = new Map(Object.entries(configs));
    for (const [name, { value }] of this.#byName) this.#redactor.know(PLUGIN, name, value);
  }

  /**
   * The same headers with secrets in place of handles.
   * @throws {RequestFailure} for a handle that stands for none, or for one that may not go to this URL
   */
  async fill(headers: Headers, url: URL): Promise<Headers> {
    const filled = new Headers();
    for (const [name, value] of headers) {
      filled.set(name, await fillHandles(value, (secret) => this.#valueFor(secret, url), unreadable));
    }
    return filled;
  }

  #valueFor(name: string, url: URL): string {
    const secret = this.#byName.get(name);
    if (!secret) throw refused(`The relay has no secret "${name}" for this plugin`, `"${name}" is not configured`);
    if (secret.hosts && !secret.hosts.some((entry) => entryCovers(entry, url, ''))) {
      throw refused(`The secret "${name}" may not go to ${url.origin}`, `"${name}" may not go to ${url.host}`);
    }
    return secret.value;
  }

  /** The same text or bytes with handles in place of secrets; the same object where there is none. */
  hide<T extends string | Uint8Array>(value: T): T {
    return this.#redactor.redact(PLUGIN, value);
  }
}

/** What begins as a handle and is none is not what its plugin meant to send. */
function unreadable(rest: string): RequestFailure {
  return refused(`"${visibleText(rest, 60)}" is no name of a secret`, 'a handle without a name');
}

function refused(heard: string, rule: string): RequestFailure {
  return new RequestFailure(heard, `secret: ${rule}`);
}
