// What `http_status_code` and `http_headers` answer about the last request.

interface Answer {
  readonly status: number;
  readonly headers: Uint8Array | undefined;
  readonly body: Uint8Array;
}

export class HttpState {
  status = 0;
  /** JSON of the last response's headers; undefined unless the host lets plugins see them. */
  headers: Uint8Array | undefined;

  /** Takes the packed answer of the http capability (`src/capabilities/http/answer.ts`) and returns its body. */
  accept(packed: Uint8Array): Uint8Array {
    const { status, headers, body } = unpack(packed);
    this.status = status;
    this.headers = headers;
    return body;
  }

  reset(): void {
    this.status = 0;
    this.headers = undefined;
  }
}

/** u32 little-endian length, JSON `{ status, headers? }` of that length, body. */
function unpack(packed: Uint8Array): Answer {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  const head: { status: number; headers?: Record<string, string> } = JSON.parse(
    new TextDecoder().decode(packed.subarray(4, 4 + length)),
  );
  return {
    status: head.status,
    headers: head.headers && new TextEncoder().encode(JSON.stringify(head.headers)),
    body: packed.subarray(4 + length),
  };
}
