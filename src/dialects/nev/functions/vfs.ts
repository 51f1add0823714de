// `nev:plugins/vfs`: files of the page's virtual file system, as far as the plugin may read and write them.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import type { DialectFunction, FileAnswer, FilesService } from '../../../capabilities/services.ts';
import type { ClocheError } from '../../../errors.ts';
import { FILES_FUNCTION } from '../../../files/host-function.ts';
import type { AbiType } from '../../../runtime/wire/abi/types.ts';
import { made } from './typed.ts';

const INTERFACE = 'nev:plugins/vfs';
const FLAGS = { flags: ['binary'] } as const;
const ERRORS = ['not-allowed', 'not-found'] as const;
const ROPE = { own: 'rope' } as const;
const WRITTEN = { ok: 'bool', err: ERRORS } as const;

type Result<T> = { readonly ok: T } | { readonly err: (typeof ERRORS)[number] };

export function fileFunctions(files: FilesService): DialectFunction[] {
  const read = async ([path]: readonly unknown[], context: HostCallContext): Promise<Result<Uint8Array>> =>
    resultOf(await files.read(collapsed(path as string), context), (bytes) => bytes);
  const write = async ([path, content]: readonly unknown[], context: HostCallContext): Promise<Result<boolean>> =>
    resultOf(await files.write(collapsed(path as string), content as Uint8Array, context), () => true);

  const fn = (name: string, params: readonly AbiType[], ok: AbiType, call: typeof read | typeof write) => ({
    name,
    capability: 'files',
    ...made(INTERFACE, params, { ok, err: ERRORS }, call, failed),
  });

  return [
    // What WASI asks for files by.
    { ...files.operate, name: FILES_FUNCTION, capability: 'files' },
    // Bytes either way: text of Nev need not be UTF-8.
    fn('read-sync', ['string', FLAGS], 'string', read),
    fn('read-rope-sync', ['string', FLAGS], ROPE, read),
    fn('write-sync', ['string', 'bytes'], 'bool', write),
    // A rope crosses as its bytes, which need not be read as text here.
    {
      ...fn('write-rope-sync', ['string', 'bytes'], 'bool', write),
      types: { params: ['string', ROPE], result: WRITTEN },
    },
    {
      name: 'localize',
      capability: 'files',
      // No path of the virtual file system is one of the machine's.
      ...made(INTERFACE, ['string'], 'string', ([path]) => path),
    },
  ];
}

/**
 * Without dots, which Nev takes out of the text before it looks at any folder, and without slashes that mean nothing. One that
 * leads above its root stays as it is, and is refused by whoever opens it.
 */
export function collapsed(path: string): string {
  const [, root = '', below = ''] = /^([a-z0-9]+:\/\/)(.*)$/s.exec(path) ?? [];
  const kept: string[] = [];
  for (const segment of below.split('/')) {
    if (segment === '..' && kept.length === 0) return path;
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return root === '' ? path : root + kept.join('/');
}

function resultOf<T, U>(answer: FileAnswer<T>, map: (value: T) => U): Result<U> {
  if (answer.ok) return { ok: map(answer.value) };
  return { err: answer.why === 'denied' ? 'not-allowed' : 'not-found' };
}

/** By its contract there is no third thing to say; the log has the cause. */
function failed({ code }: ClocheError): Result<never> {
  return { err: code === 'PERMISSION_DENIED' ? 'not-allowed' : 'not-found' };
}
