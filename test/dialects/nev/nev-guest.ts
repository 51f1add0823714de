// Guests of Nev, in WAT: what every one of them has, around what a test is about.

import { wat } from '../../helpers/wat.ts';

interface Parts {
  /** Imports, and functions. */
  readonly body?: string;
  /** What `init_plugin` does. */
  readonly init?: string;
  /** What `mem_stack_alloc` does besides. */
  readonly alloc?: string;
}

/** From 65,536 on memory is the stack of the host's calls; below it is the test's. */
export function nevGuest({ body = '', init = '', alloc = '' }: Parts = {}): Promise<Uint8Array<ArrayBuffer>> {
  return wat(`(module
    ${body}
    (memory (export "memory") 2 64)
    (global $top (mut i32) (i32.const 65536))
    (func $alloc (export "mem_stack_alloc") (param $size i32) (param $align i32) (result i32)
      (local $at i32)
      ${alloc}
      (local.set $at (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
      (global.set $top (i32.add (local.get $at) (local.get $size)))
      (local.get $at))
    (func (export "mem_stack_save") (result i64) (i64.extend_i32_u (global.get $top)))
    (func (export "mem_stack_restore") (param i64) (global.set $top (i32.wrap_i64 (local.get 0))))
    (func (export "init_plugin") ${init}))`);
}

export const DEFINE_COMMAND = `(import "nev:plugins/commands" "define-command" (func $define
  (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))`;
export const RUN_COMMAND = `(import "nev:plugins/commands" "run-command" (func $run (param i32 i32 i32 i32 i32)))`;

/** Defines the command whose name lies there, to be called by these numbers. */
export function define(at: number, length: number, fun: number, data = 0): string {
  const numbers = [at, length, 0, 0, 0, 0, 0, 0, 0, 0, 0, fun, data];
  return `(call $define ${numbers.map((number) => `(i32.const ${number})`).join(' ')})`;
}

/** `handle_command` that gives back what it was given. */
export const ECHO = `(func (export "handle_command") (param $fun i32) (param $data i32) (param $at i32) (param $length i32)
  (result i32)
  (i32.store (i32.const 256) (local.get $at))
  (i32.store (i32.const 260) (local.get $length))
  (i32.const 256))`;

/** `handle_command` runs a command with the arguments that it was given, and gives what came of it, or `!` and the error. */
export function runGuest(grows = false, name = 'shout'): Parts {
  const alloc = grows ? '(drop (memory.grow (i32.const 8)))' : '';
  const body = `${RUN_COMMAND} (data (i32.const 16) "${name}") (data (i32.const 8) "echo")
    (func (export "handle_command") (param i32 i32) (param $at i32) (param $length i32) (result i32)
      (call $run (i32.const 16) (i32.const ${name.length}) (local.get $at) (local.get $length) (i32.const 300))
      (if (i32.load (i32.const 300)) (then
        (i32.store8 (i32.const 512) (i32.const 33))
        (i32.store8 (i32.const 513) (i32.add (i32.const 48) (i32.load8_u (i32.const 304))))
        (i32.store (i32.const 304) (i32.const 512)) (i32.store (i32.const 308) (i32.const 2))))
      (i32.const 304))`;
  return { body, alloc };
}
