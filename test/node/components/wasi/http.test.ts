// `wasi:http/outgoing-handler` in the worker: what goes to the page, and what the guest makes of what comes.

import '../../with-resolvers.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packHttpAnswer } from '../../../../src/capabilities/http/answer.ts';
import { ClocheError } from '../../../../src/errors.ts';
import { writeHttpError } from '../../../../src/runtime/wire/component/http.ts';
import type { WireValue } from '../../../../src/runtime/wire/protocol.ts';
import { Fields } from '../../../../workers/component/wasi/http/fields.ts';
import type { FutureIncomingResponse, IncomingResponse } from '../../../../workers/component/wasi/http/incoming.ts';
import { IncomingBody } from '../../../../workers/component/wasi/http/incoming.ts';
import {
  OutgoingBody,
  type OutgoingRequest,
  RequestOptions,
} from '../../../../workers/component/wasi/http/outgoing.ts';
import { outgoingHttp } from '../../../../workers/component/wasi/http/outgoing-http.ts';
import { Waiter } from '../../../../workers/component/wasi/pollable.ts';
import { Clock } from '../../../../workers/wasi/clock.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const answer = (status: number, text: string, headers = {}): Uint8Array =>
  packHttpAnswer({ status, headers }, [utf8(text)]);

type Handle = (request: OutgoingRequest, options?: RequestOptions) => FutureIncomingResponse;

/** @param waits whether the guest can be suspended */
function http(give: () => Uint8Array, waits = true) {
  const sent: [object, string][] = [];
  const send = ([head, body]: WireValue[]) => {
    const text = (bytes: WireValue | undefined): string => new TextDecoder().decode(bytes as Uint8Array);
    sent.push([JSON.parse(text(head)) as object, text(body)]);
    return waits ? (async () => [give()])() : [give()];
  };
  const waiter = new Waiter(new Clock('real'), waits ? async () => undefined : undefined);
  const interfaces = new Map(outgoingHttp({ waiter, mostBytes: 10, send }, () => undefined));
  const { handle } = interfaces.get('wasi:http/outgoing-handler') as { handle: Handle };
  const types = interfaces.get('wasi:http/types') as { OutgoingRequest: typeof OutgoingRequest };
  const request = (path: string | null = '/x?y=1'): OutgoingRequest => {
    const made = new types.OutgoingRequest(Fields.fromList([['X-A', utf8('1')]]));
    made.setScheme({ tag: 'HTTPS' });
    made.setAuthority('a.example:8443');
    if (path !== null) made.setPathWithQuery(path);
    return made;
  };
  return { handle, request, sent };
}

type Got = { tag: string; val: { tag: string; val: IncomingResponse & { tag: string; val: unknown } } };
const got = (future: FutureIncomingResponse): Got['val'] => (future.get() as Got).val;

const fails = (tag: string | undefined, run: () => unknown): void =>
  assert.throws(run, (thrown: { payload?: { tag?: string } }) => 'payload' in thrown && thrown.payload?.tag === tag);

describe('a guest that waits', () => {
  it('does so for longer than a timer can, and not at all less', async () => {
    const slept: number[] = [];
    const waiter = new Waiter(new Clock('real'), async (ms) => void slept.push(ms));
    await waiter.wait([{ due: 2 ** 63 / 1e6 }]);
    assert.deepEqual(slept, [2 ** 31 - 1]);
  });
});

describe('requests of a component', () => {
  it('go out once their body is finished, and what comes is read as a stream', async () => {
    const { handle, request, sent } = http(() => answer(201, 'made', { 'content-type': 'text/plain' }));
    const post = request();
    post.setMethod({ tag: 'post' });
    const body = post.body();
    const options = new RequestOptions();
    options.setFirstByteTimeout(2_500_000_000n);
    const future = handle(post, options);
    assert.equal(future.subscribe().ready(), false);
    assert.equal(future.get(), undefined);
    assert.deepEqual(sent, []);
    body.write().blockingWriteAndFlush(utf8('body'));
    OutgoingBody.finish(body, undefined);
    await future.subscribe().block();
    const asked = { url: 'https://a.example:8443/x?y=1', method: 'POST', headers: { 'x-a': '1' }, timeoutMs: 2_500 };
    assert.deepEqual(sent, [[asked, 'body']]);
    const { tag, val } = got(future);
    assert.equal(tag, 'ok');
    assert.equal(val.status(), 201);
    assert.deepEqual(val.headers().get('Content-Type'), [utf8('text/plain')]);
    fails('immutable', () => val.headers().append('a', utf8('b')));
    const incoming = val.consume();
    fails(undefined, () => val.consume());
    const stream = incoming.stream();
    assert.deepEqual(stream.read(2n), utf8('ma'));
    assert.deepEqual(stream.read(9n), utf8('de'));
    fails('closed', () => stream.read(1n));
    assert.deepEqual(IncomingBody.finish(incoming).get(), { tag: 'ok', val: { tag: 'ok', val: undefined } });
    assert.deepEqual(future.get(), { tag: 'err' });
  });

  it('are answered at once where the guest cannot be suspended', () => {
    const { handle, request, sent } = http(() => answer(200, ''), false);
    assert.equal(got(handle(request(null))).val.status(), 200);
    assert.deepEqual(sent[0]?.[0], { url: 'https://a.example:8443/', method: 'GET', headers: { 'x-a': '1' } });
    const open = request();
    open.body();
    fails('internal-error', () => handle(open));
  });

  it('fail with what the page says, as an error code', async () => {
    const cases: [() => Uint8Array, object][] = [
      [() => writeHttpError('PERMISSION_DENIED', 'no'), { tag: 'HTTP-request-denied' }],
      [() => writeHttpError('HTTP_FAILED', 'why'), { tag: 'internal-error', val: 'why' }],
      [
        () => {
          throw new ClocheError('HOST_TIMEOUT', 'late');
        },
        { tag: 'HTTP-response-timeout' },
      ],
      [() => new Uint8Array(2), { tag: 'internal-error', val: 'Offset is outside the bounds of the DataView' }],
    ];
    for (const [give, expected] of cases) {
      const { handle, request } = http(give);
      const future = handle(request());
      await future.subscribe().block();
      assert.deepEqual(got(future), { tag: 'err', val: expected });
    }
    const { handle, request } = http(() => answer(200, ''));
    const dropped = request();
    const body = dropped.body();
    const future = handle(dropped);
    body[Symbol.dispose]();
    await future.subscribe().block();
    assert.match(String((got(future).val as { val: unknown }).val), /not finished/);
  });

  it('take no name, value, path or host that could be read as something else, and no endless body', () => {
    const { request } = http(() => answer(200, ''));
    const fields = new Fields();
    for (const name of ['', 'a b', 'a:b', 'a\n']) fails('invalid-syntax', () => fields.append(name, utf8('x')));
    for (const value of ['a\r\nb', 'a\0']) fails('invalid-syntax', () => fields.append('a', utf8(value)));
    fails('forbidden', () => fields.append('a', new Uint8Array(2 << 20).fill(65)));
    const made = request();
    for (const host of ['a/b', 'u@a', 'a?b', 'a#b', 'a\\b', 'a b', '']) fails(undefined, () => made.setAuthority(host));
    for (const path of ['x', '/a#b', '/a b', '']) fails(undefined, () => made.setPathWithQuery(path));
    const stream = made.body().write();
    stream.write(new Uint8Array(10));
    fails('last-operation-failed', () => stream.write(new Uint8Array(1)));
  });
});
