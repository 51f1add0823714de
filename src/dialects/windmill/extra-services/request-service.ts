// `plugins-manager:extra-services-manager/request-service`: files that are sent to an address, by capability `http`.

import { unpackHttpAnswer } from '../../../capabilities/http/answer.ts';
import type { DialectFunction, HttpService } from '../../../capabilities/services.ts';
import { dialectInterface } from '../imports/import.ts';
import type { OwnFiles } from '../own-files.ts';

export const REQUEST_SERVICE = 'plugins-manager:extra-services-manager/request-service';

/** Of an answer that is no 2xx, as far as the plugin hears it. */
const MOST_TEXT = 65_536;

export function requestService(http: HttpService | undefined, files: OwnFiles): DialectFunction[] {
  return dialectInterface('extra-services', REQUEST_SERVICE, {
    async 'send-zip'([path, url], context) {
      const own = context.under?.('http');
      if (!http || !own) return { err: 'The plugin was not granted the capability `http`' };
      const zip = await files.read(path as string, context);
      const { body, type } = formOf(zip);
      const timeoutMs = Math.min(context.limits.httpTimeoutMs, context.remainingMs);
      const request = { url, method: 'POST', headers: { 'content-type': type } };
      const answer = unpackHttpAnswer(await http.send(request, body, own, { timeoutMs, withHeaders: false }));
      if (answer.status >= 200 && answer.status <= 299) return { ok: null };
      const text = new TextDecoder().decode(answer.body.subarray(0, MOST_TEXT));
      return { err: `Failed to send package. Text: ${text}. Response: status ${answer.status}` };
    },
  });
}

/** https://www.rfc-editor.org/rfc/rfc7578 */
function formOf(zip: Uint8Array): { readonly body: Uint8Array; readonly type: string } {
  // By chance in no file: nobody knows it before the file is there.
  const boundary = `cloche-${crypto.randomUUID()}`;
  const encoder = new TextEncoder();
  const disposition = 'Content-Disposition: form-data; name="zip"; filename="file.zip"';
  const head = encoder.encode(`--${boundary}\r\n${disposition}\r\nContent-Type: application/zip\r\n\r\n`);
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  const body = new Uint8Array(head.length + zip.length + tail.length);
  body.set(head);
  body.set(zip, head.length);
  body.set(tail, head.length + zip.length);
  return { body, type: `multipart/form-data; boundary=${boundary}` };
}
