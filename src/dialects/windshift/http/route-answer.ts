// What `handle_request` put out, as a Response (WS12).

import { messageOf } from '../../../errors.ts';
import { goInt, goMap, goString, goStruct, JsonError, readGoJson, type ValueOf } from '../go/json.ts';
import { isJson } from './json-text.ts';
import { textAnswer } from './responses.ts';
import { statusText } from './status-text.ts';

const routeOutput = goStruct('plugins.HTTPResponse', { statusCode: goInt, headers: goMap(goString), body: goString });

/** Statuses for which a Response must not have a body: https://fetch.spec.whatwg.org/#null-body-status */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * @param drop told of each header that a Response cannot carry; it is left out
 * @throws {JsonError} when the output is not an answer
 */
export async function routeAnswer(output: Uint8Array, drop: (why: string) => void): Promise<Response> {
  const { statusCode, headers: given, body } = await readOutput(output);
  const status = statusCode === 0 ? 200 : statusCode;
  if (status < 200 || status > 599) {
    return textAnswer(502, `Plugin error: it answered with status ${status}, and an answer has one from 200 to 599`);
  }
  const headers = new Headers();
  for (const [name, value] of given) {
    // No page may set it, and a cookie would be the host app's.
    if (/^set-cookie2?$/i.test(name)) drop('`Set-Cookie` is not for plugins');
    else setHeader(headers, name, value, drop);
  }
  if (!headers.has('Content-Type')) headers.set('Content-Type', isJson(body) ? 'application/json' : 'text/plain');
  return new Response(WITHOUT_BODY.has(status) ? null : body, { status, statusText: statusText(status), headers });
}

function setHeader(headers: Headers, name: string, value: string, drop: (why: string) => void): void {
  try {
    headers.set(name, value);
  } catch (thrown) {
    drop(messageOf(thrown));
  }
}

async function readOutput(output: Uint8Array): Promise<ValueOf<typeof routeOutput>> {
  try {
    return await readGoJson(routeOutput, output);
  } catch (thrown) {
    if (!(thrown instanceof JsonError)) throw thrown;
    throw new JsonError(`failed to parse plugin response: ${thrown.message}`);
  }
}
