// Sends the requests of plugins with undici: each name is resolved once for a connection, every address that comes of it is
// checked, and the connection goes to those addresses and no others, whatever the name stands for by then (N9).

import { lookup as resolveName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, errors, request } from 'undici';
import { RequestFailure } from '../http/request-failure.ts';
import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../http/upstream.ts';
import { addressRefusal } from './addresses.ts';

interface UpstreamOptions {
  /** @default that of the system */
  readonly resolve?: LookupFunction;
  /** Why an address is refused. @default {@link addressRefusal} */
  readonly refusal?: typeof addressRefusal;
}

export interface UpstreamAgent extends Upstream {
  /** Ends all connections. */
  close(): Promise<void>;
}

const MOST_HEADER_BYTES = 65_536;
const CONNECTIONS = 64;

/** An address that a name stands for, and no plugin may reach. */
class AddressRefused extends Error {}

export function createUpstream({
  resolve = resolveName as LookupFunction,
  refusal = addressRefusal,
}: UpstreamOptions = {}): UpstreamAgent {
  const agent = (lookup: LookupFunction): Agent =>
    new Agent({
      connections: CONNECTIONS,
      maxHeaderSize: MOST_HEADER_BYTES,
      // The deadline of a request is its signal's.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { lookup },
    });
  const publicAgent = agent(checkedLookup(resolve, refusal));
  /** Of hosts that the operator has named; never shared with names that only resolve to the same addresses. */
  const innerAgent = agent(resolve);

  return {
    async send(asked) {
      const { url, isInner } = asked;
      // Nothing is resolved where the host is an address.
      const host = url.hostname.replace(/^\[|\]$/g, '');
      const refused = isInner || isIP(host) === 0 ? undefined : refusal(host);
      if (refused !== undefined) throw unreachable(url, `address: ${host} is ${refused}`);
      try {
        return await answerOf(asked, isInner ? innerAgent : publicAgent);
      } catch (cause) {
        throw failureOf(cause, url);
      }
    },
    async close() {
      await Promise.all([publicAgent.destroy(), innerAgent.destroy()]);
    },
  };
}

function checkedLookup(resolve: LookupFunction, refusal: typeof addressRefusal): LookupFunction {
  return (host, options, callback) =>
    resolve(host, { ...options, all: true }, (error, found) => {
      const addresses = typeof found === 'string' ? [] : (found ?? []);
      // One is enough: whoever answers for the name would choose which of them is tried.
      const [refused] = addresses.filter(({ address }) => refusal(address) !== undefined);
      const [first] = addresses;
      if (error || !first) callback(error ?? new Error('The name has no address'), '', 0);
      else if (refused) callback(refusedError(host, refused.address, refusal), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
}

function refusedError(host: string, address: string, refusal: typeof addressRefusal): AddressRefused {
  return new AddressRefused(`address: ${host} is ${address}, ${refusal(address)}`);
}

async function answerOf(
  { url, method, headers, body, signal }: UpstreamRequest,
  dispatcher: Agent,
): Promise<UpstreamAnswer> {
  const answer = await request(url, {
    dispatcher,
    method: method as 'GET',
    headers: [...headers].flat(),
    body,
    signal,
    responseHeaders: 'raw',
  });
  // Typed as an object, and an array by that option.
  const raw = answer.headers as unknown as string[];
  const first = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = String(raw[at]).toLowerCase();
    if (!first.has(name)) first.set(name, String(raw[at + 1]));
  }
  return { status: answer.statusCode, headers: first, body: streamOf(answer.body) };
}

/** `Readable.toWeb` of Node 20 throws where nobody can catch it when it is cancelled while chunks come. */
function streamOf(body: Dispatcher.ResponseData['body']): UpstreamAnswer['body'] {
  const chunks = body[Symbol.asyncIterator]();
  // Whoever reads hears it by the iterator; of what nobody reads nobody has to.
  body.on('error', () => undefined);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      body.destroy();
    },
  });
}

function failureOf(cause: unknown, url: URL): RequestFailure {
  if (cause instanceof AddressRefused) return unreachable(url, cause.message);
  if (cause instanceof errors.HeadersOverflowError) {
    const heard = `The headers of ${url.origin} are over ${MOST_HEADER_BYTES} bytes`;
    return new RequestFailure(heard, `headers: ${url.host} sends more than ${MOST_HEADER_BYTES} bytes`);
  }
  // The code alone: messages may quote what was sent.
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return unreachable(url, `unreachable: ${url.host}, ${code}`);
}

/** In the same words whatever the reason: a plugin is not to learn which names there are inside. */
function unreachable({ origin }: URL, reason: string): RequestFailure {
  return new RequestFailure(`No answer from ${origin}: it cannot be reached`, reason);
}
