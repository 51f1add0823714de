// Puts secrets in the place of their handles: in values of headers, and nowhere else of a request. Whether the request may be sent
// at all was decided before.

import { ClocheError } from '../../errors.ts';
import { fillHandles, hasHandle } from '../../secrets/handle.ts';
import { unavailable } from '../../secrets/sealed-secrets.ts';
import { utf8Bytes, visibleText } from '../../util/text/visible-text.ts';
import type { HostCallContext } from '../host-function.ts';
import { entryCovers, parseHostEntry } from './host-pattern.ts';
import { type CheckedRequest, MAX_HEADER_BYTES } from './request.ts';

type Calling = Pick<HostCallContext, 'plugin' | 'secrets'>;

/**
 * @throws {ClocheError} SECRET_UNAVAILABLE for a handle without a secret: a request that lacks one is not sent; PERMISSION_DENIED for
 * one that may not go there; HTTP_FAILED for more than headers may hold
 */
export async function withSecrets(request: CheckedRequest, calling: Calling): Promise<CheckedRequest> {
  const wanted = [...request.headers].filter(([, value]) => hasHandle(value));
  if (wanted.length === 0) return request;
  const headers = new Headers(request.headers);
  for (const [name, value] of wanted) headers.set(name, await filled(value, request.url, calling));
  const bytes = [...headers].reduce((sum, pair) => sum + utf8Bytes(pair.join('')), 0);
  if (bytes > MAX_HEADER_BYTES) {
    throw new ClocheError(
      'HTTP_FAILED',
      `With its secrets the headers of the request are over ${MAX_HEADER_BYTES} bytes`,
    );
  }
  return { ...request, headers };
}

function filled(value: string, url: URL, calling: Calling): Promise<string> {
  const { id, installation } = calling.plugin;
  return fillHandles(
    value,
    (name) => secretFor(name, url, calling),
    (rest) => unavailable({ plugin: id, installation, name: visibleText(rest, 60) }, 'that is no name of a secret'),
  );
}

async function secretFor(name: string, url: URL, { plugin, secrets }: Calling): Promise<string> {
  const { id, installation } = plugin;
  if (!secrets) throw unavailable({ plugin: id, installation, name }, 'its manifest names no such secret');
  const { value, hosts } = await secrets.read(name);
  if (!hosts || hosts.some((entry) => entryCovers(parseHostEntry(entry), url, globalThis.origin))) return value;
  const message = `Secret "${name}" of plugin "${id}" may go to ${hosts.join(', ') || 'no host'}, not to ${url.origin}`;
  throw new ClocheError('PERMISSION_DENIED', message, { plugin: id });
}
