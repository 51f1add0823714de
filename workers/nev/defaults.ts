// What a function gives where there is nobody to ask: nothing of its type.

import type { AbiType } from '../../src/runtime/wire/abi/types.ts';
import { fieldsOf } from './layout.ts';

export function defaultOf(type: AbiType): unknown {
  if (type === 'string' || type === 'bytes') return '';
  if (type === 's64' || type === 'u64') return 0n;
  if (typeof type === 'string') return type === 'char' ? '\0' : 0;
  if ('list' in type) return [];
  if ('option' in type) return undefined;
  if ('ok' in type) return { err: type.err.at(-1) };
  if ('enum' in type) return type.enum[0];
  if ('flags' in type) return [];
  if ('own' in type || 'borrow' in type) return '';
  if ('record' in type) {
    return Object.fromEntries(Object.entries(type.record).map(([name, field]) => [name, defaultOf(field)]));
  }
  return fieldsOf(type)?.map(defaultOf);
}
