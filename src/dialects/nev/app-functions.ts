// What an app implements, between the values that cross and those that it is handed: streams for ends of channels, and pixels that are
// all there.

import type { HostCallContext } from '../../capabilities/host-function.ts';
import type { EditorService } from '../../capabilities/services.ts';
import type { AbiFunction, AbiType } from '../../runtime/wire/abi/types.ts';
import { exchangeOf } from './background/late-exchange.ts';
import { mayRun } from './functions/commands.ts';
import { COMMANDS } from './permissions.ts';

export type AppFunction = (args: readonly unknown[], context: HostCallContext) => unknown;

/** Of a texture that there is none of. */
const NONE = 0n;

export function forApp(editor: EditorService, { params, result }: AbiFunction, call: AppFunction): AppFunction {
  const pixels = params.indexOf('pixels');
  if (pixels >= 0) return withPixels(pixels, result, call);
  const isOfChannels = [...params, result].some((type) => type !== undefined && channelOf(type));
  return isOfChannels ? withStreams(editor, { params, result }, call) : call;
}

/** `command` of `text-editor` runs what `run-command` runs, so it needs the same permission. */
export function checkedCommand(call: AppFunction): AppFunction {
  return (args, context) => {
    const asked = context.under?.(COMMANDS);
    if (asked && mayRun(args[1] as string, asked)) return call(args, context);
    return { err: 'not-allowed' };
  };
}

/** By its contract a texture of too few pixels is none, and nothing else fails. */
function withPixels(i: number, result: AbiType | undefined, call: AppFunction): AppFunction {
  return (args, context) => {
    const { length } = args[i] as Uint8Array;
    const isThere = length > 0 && length === bytesOf(args[i - 2], args[i - 1], args[i + 1]);
    if (isThere) return call(args, context);
    context.log('warn', 'a texture was not made: its pixels are none, too many, or not all in memory');
    return result && NONE;
  };
}

/** The same of a buffer, from an offset on. The app is called as for pixels of the guest's memory. */
export function ofBuffer(editor: EditorService, { params, result }: AbiFunction, call: AppFunction): AppFunction {
  const i = params.findIndex((type) => typeof type === 'object' && 'borrow' in type);
  const run = withPixels(i, result, call);
  return async (args, context) => {
    const [handle, offset, format] = args.slice(i) as [number, number, string];
    const length = bytesOf(args[i - 2], args[i - 1], format);
    const exchange = await exchangeOf(editor);
    const pixels = exchange.bytesOf(handle, offset, length, context) ?? new Uint8Array();
    return run([...args.slice(0, i), pixels, ...args.slice(i + 2)], context);
  };
}

function withStreams(editor: EditorService, { params, result }: AbiFunction, call: AppFunction): AppFunction {
  return async (args, context) => {
    const exchange = await exchangeOf(editor);
    const given = args.map((value, i) => {
      const kind = channelOf(params[i] as AbiType);
      return kind ? exchange.taken(kind, value as number, context) : value;
    });
    const answer = await call(given, context);
    const kind = result && channelOf(result);
    if (!kind) return answer;
    const { pipeTo, getWriter } = Object(answer) as Partial<ReadableStream & WritableStream>;
    if (typeof (kind === 'read-channel' ? pipeTo : getWriter) === 'function')
      return exchange.given(kind, answer, context);
    throw new TypeError(`Expected a ${kind === 'read-channel' ? 'ReadableStream' : 'WritableStream'}`);
  };
}

function channelOf(type: AbiType): 'read-channel' | 'write-channel' | undefined {
  if (typeof type !== 'object' || !('own' in type)) return undefined;
  return type.own === 'read-channel' || type.own === 'write-channel' ? type.own : undefined;
}

function bytesOf(width: unknown, height: unknown, format: unknown): number {
  const bytes = format === 'rgba8' ? 4 : 16;
  return Math.max(0, width as number) * Math.max(0, height as number) * bytes;
}
