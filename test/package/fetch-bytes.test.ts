import { assert } from 'chai';
import { fetchBytes, readResponse } from '../../src/package/fetch-bytes.ts';
import { canary } from '../helpers/canary.ts';
import { cloningFetch } from '../helpers/cloning-fetch.ts';
import { rejectsCode } from '../helpers/expect-code.ts';

const MAX = { maxBytes: 10_000 };

/** A body that counts what was asked of it, and whether it was cancelled. */
function countedBody(chunk: number, chunks = Number.POSITIVE_INFINITY) {
  const counts = { sent: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (counts.sent++ >= chunks) controller.close();
      else controller.enqueue(new Uint8Array(chunk));
    },
    cancel() {
      counts.cancelled = true;
    },
  });
  return { body, counts };
}

interface Echo {
  method: string;
  headers: Record<string, string>;
}

async function echo(options: Omit<Parameters<typeof fetchBytes>[1], 'maxBytes'> = {}): Promise<Echo> {
  const { bytes } = await fetchBytes(canary.url('/echo'), { ...MAX, ...options });
  return JSON.parse(new TextDecoder().decode(bytes)) as Echo;
}

describe('fetchBytes', () => {
  it('fetches under the cap, and says which URL answered', async () => {
    const url = canary.url('/big?bytes=10000');
    const found = await fetchBytes(url, MAX);
    assert.equal(found.bytes.length, 10_000);
    assert.equal(found.url, url);
  });

  it('follows redirects, as release pages need, and names the last URL', async () => {
    const to = canary.url('/big?bytes=5');
    const found = await fetchBytes(canary.url(`/redirect?to=${encodeURIComponent(to)}`), MAX);
    assert.equal(found.url, to);
  });

  it('sends method and headers (SDK defect M5)', async () => {
    const { method, headers } = await echo({ method: 'POST', headers: new Map([['X-Key', 'v']]) });
    assert.equal(method, 'POST');
    assert.equal(headers['x-key'], 'v');
  });

  it('N5: sends no referrer', async () => {
    assert.notProperty((await echo()).headers, 'referer');
  });

  it('N5: asks for no cookies, also not on the own origin', async () => {
    const original = globalThis.fetch;
    const asked: RequestCredentials[] = [];
    globalThis.fetch = (input, init) => {
      asked.push(new Request(input, init).credentials);
      return original(input, init);
    };
    try {
      await fetchBytes(location.href, { maxBytes: 1 << 20 });
    } finally {
      globalThis.fetch = original;
    }
    assert.deepEqual(asked, ['omit']);
  });

  it('M7: stops an endless body at the cap', async () => {
    await rejectsCode('PACKAGE_REJECTED', fetchBytes(canary.url('/endless'), MAX), /larger than 10000/);
  });

  it('M7: stops at the cap of what comes out of gzip, not of what was sent', async () => {
    await rejectsCode('PACKAGE_REJECTED', fetchBytes(canary.url('/gzip?bytes=1000000'), MAX));
    assert.equal((await fetchBytes(canary.url('/gzip?bytes=9999'), MAX)).bytes.length, 9_999);
  });

  for (const status of [404, 500, 403]) {
    it(`rejects with FETCH_FAILED for an answer of ${status}`, async () => {
      await rejectsCode('FETCH_FAILED', fetchBytes(canary.url(`/status/${status}`), MAX), new RegExp(`${status}`));
    });
  }

  it('rejects with FETCH_FAILED for a server that is not there, and keeps the query to itself', async () => {
    const failed = fetchBytes('https://nowhere.invalid/a.wasm?token=secret', MAX);
    await rejectsCode('FETCH_FAILED', failed, /^https:\/\/nowhere\.invalid\/a\.wasm could(?!.*secret)/);
  });

  it('leaves clones alone that scripts of the page keep of what was fetched', async () => {
    const page = cloningFetch();
    const original = globalThis.fetch;
    globalThis.fetch = page.fetch;
    try {
      await fetchBytes(canary.url('/big?bytes=100'), MAX);
    } finally {
      globalThis.fetch = original;
    }
    assert.lengthOf((await page.texts()).join(), 100);
  });

  it('rejects with ABORTED before and while it fetches', async () => {
    const abort = new AbortController();
    const fetching = fetchBytes(canary.url('/slow?ms=3000'), { ...MAX, signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await rejectsCode('ABORTED', fetching);
    await rejectsCode('ABORTED', fetchBytes(canary.url('/echo'), { ...MAX, signal: abort.signal }));
  });
});

describe('readResponse', () => {
  it('M7: cancels a body that announces too much without reading it', async () => {
    const { body, counts } = countedBody(1_000);
    const response = new Response(body, { headers: { 'Content-Length': '500000000' } });
    await rejectsCode('PACKAGE_REJECTED', readResponse(response, MAX));
    assert.isTrue(counts.cancelled);
    assert.isAtMost(counts.sent, 1);
  });

  it('M7: cancels a body that grows over the cap, whatever it announced', async () => {
    const { body, counts } = countedBody(1_000);
    const response = new Response(body, { headers: { 'Content-Length': '5000' } });
    await rejectsCode('PACKAGE_REJECTED', readResponse(response, MAX));
    assert.isTrue(counts.cancelled);
    assert.isAtMost(counts.sent, 13);
  });

  it('takes a body of exactly the cap', async () => {
    const { body } = countedBody(1_000, 10);
    assert.equal((await readResponse(new Response(body), MAX)).length, 10_000);
  });

  it('rejects with FETCH_FAILED when less came than was announced', async () => {
    const { body } = countedBody(100, 2);
    const response = new Response(body, { headers: { 'Content-Length': '300' } });
    await rejectsCode('FETCH_FAILED', readResponse(response, MAX), /announced 300 bytes and sent 200/);
  });

  it('rejects with FETCH_FAILED when the body breaks off', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
    await rejectsCode('FETCH_FAILED', readResponse(new Response(body), MAX), /gone/);
  });

  it('rejects with ABORTED, and cancels, when the body stalls', async () => {
    let cancelled = false;
    const body = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    const abort = new AbortController();
    const reading = readResponse(new Response(body), { ...MAX, signal: abort.signal });
    abort.abort();
    await rejectsCode('ABORTED', reading);
    assert.isTrue(cancelled);
  });

  it('reads an empty answer as no bytes', async () => {
    assert.lengthOf(await readResponse(new Response(null), MAX), 0);
  });

  it('refuses a body that was read, or is being read', async () => {
    const read = new Response('x');
    await read.text();
    await rejectsCode('SOURCE_INVALID', readResponse(read, MAX));
    const locked = new Response('x');
    locked.body?.getReader();
    await rejectsCode('SOURCE_INVALID', readResponse(locked, MAX));
  });

  it('refuses an opaque response', async () => {
    const opaque = await fetch(canary.url('/echo'), { mode: 'no-cors' });
    await rejectsCode('FETCH_FAILED', readResponse(opaque, MAX), /opaque/);
  });
});
