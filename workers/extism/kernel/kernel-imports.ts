// The JavaScript half of `extism:host/env`: what the kernel cannot answer within wasm.

import { ClocheError } from '../../../src/errors.ts';
import { LOG_LEVELS } from '../../../src/runtime/wire/log-level.ts';
import type { LinkContext } from '../link-context.ts';
import { ENV } from '../namespaces.ts';
import type { Kernel } from './kernel.ts';

/** The kernel's numbers for `bad_handle`, in the words of the native runtime (EX38). */
const HANDLES = ['config key', 'var key', 'var value', 'log message', 'http request', 'http request body'] as const;

/** Offsets and lengths are plain i32: the kernel has checked them, so they only need their sign taken away. */
export function kernelImports(context: LinkContext, kernel: () => Kernel): Record<string, WebAssembly.ImportValue> {
  const { vars, config, logs, http, hostCalls } = context;
  const key = (offset: number, length: number): string => keyOf(kernel().copy(offset >>> 0, length >>> 0));
  const bytes = (offset: number, length: number): Uint8Array => kernel().copy(offset >>> 0, length >>> 0);
  const httpIndex = context.functions.findIndex(({ namespace, name }) => namespace === ENV && name === 'http_request');

  const httpRequest = (): WebAssembly.ImportValue =>
    hostCalls.bind(
      httpIndex,
      ([request, requestLength, body, bodyLength]: number[]) => {
        http.reset();
        return [
          bytes(request as number, requestLength as number),
          body === 0 ? null : bytes(body as number, bodyLength as number),
        ];
      },
      ([answer]) => (answer instanceof Uint8Array ? kernel().store(http.accept(answer)) : 0),
    );
  const noHttp = (): never => {
    http.reset();
    throw new ClocheError('PERMISSION_DENIED', '`http_request` is not offered to this plugin');
  };

  return {
    config_get: (offset: number, length: number) => {
      const value = config.get(key(offset, length));
      return value === undefined ? 0 : kernel().store(new TextEncoder().encode(value));
    },
    var_get: (offset: number, length: number) => {
      const value = vars.get(key(offset, length));
      return value === undefined ? 0 : kernel().store(value);
    },
    var_set: (offset: number, length: number, value: number, valueLength: number, remove: number) => {
      if (remove === 1) vars.delete(key(offset, length));
      else vars.set(key(offset, length), bytes(value, valueLength));
    },
    // Bound only for a guest that imports it: one that can wait for the page is entered in another way.
    http_request: httpIndex >= 0 && context.imports.has(ENV, 'http_request') ? httpRequest() : noHttp,
    http_status_code: () => http.status,
    http_headers: () => (http.headers ? kernel().store(http.headers) : 0),
    log: (level: number, message: number, length: number) => {
      logs.write(LOG_LEVELS[level] ?? 'info', 'plugin', bytes(message, length));
    },
    bad_handle: (what: number, offset: bigint) => {
      throw new WebAssembly.RuntimeError(
        `invalid handle offset for ${HANDLES[what] ?? 'block'}: ${BigInt.asUintN(64, offset)}`,
      );
    },
  };
}

/**
 * Exactly what the guest wrote: two keys that differ in any byte must not become one.
 * @throws {WebAssembly.RuntimeError} for what is not UTF-8, as natively.
 */
function keyOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new WebAssembly.RuntimeError('a key is not valid UTF-8');
  }
}
