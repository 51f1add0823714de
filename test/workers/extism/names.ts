// Names that mean something to JavaScript or to the host, and modules that are called so.

import { wat } from '../../helpers/wat.ts';
import { abiGuest, imports, noting } from './abi-guest.ts';

/** What every object of JavaScript has. */
export const INHERITED = Object.getOwnPropertyNames(Object.prototype);
export const RESERVED = [...INHERITED, 'cloche:host', 'cloche:wasi', 'cloche:', 'extism:host/env'];

/** A library of this name that exports `then` and `assign`, which a main module imports. */
export async function pair(name: string): Promise<{ name: string; data: Uint8Array }[]> {
  const library = wat('(module (func (export "then") (result i64) (i64.const 7)) (func (export "assign")))');
  const main = abiGuest(noting('run', '(call $note (call $then))'), imports(name, 'then: -> i64; assign:'));
  return [
    { name, data: await library },
    { name: 'main', data: await main },
  ];
}
