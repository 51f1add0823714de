// A plugin that calls WASI as its caller says, and what a program does with files, in its words.

import { assert } from 'chai';
import type { Plugin } from '../../src/index.ts';
import { anyCall } from './wasi-files.guest.ts';

const NAMES = [
  'args_get',
  'args_sizes_get',
  'environ_get',
  'fd_close',
  'fd_prestat_dir_name',
  'fd_read',
  'fd_renumber',
  'fd_sync',
  'fd_write',
  'path_create_directory',
  'path_open',
  'path_unlink_file',
];
export const FILES = { read: { allowAll: true }, write: { allowAll: true } };
export const [OK, EACCES, EBADF, EDQUOT, EFAULT, ENOENT, ENOTCAPABLE] = [0, 2, 8, 19, 21, 44, 76];
export const CREATE = 1n;
export const RIGHTS = (1n << 1n) | (1n << 6n);
/** Where the guest has its arguments, and where its output begins. */
export const TEXT = 4_096;
export const OUT = 1_024;

interface Called {
  readonly errno: number;
  readonly out: DataView;
}

export async function run(
  plugin: Plugin,
  name: string,
  args: readonly (number | bigint)[],
  memory = '',
): Promise<Called> {
  const text = new TextEncoder().encode(memory);
  const input = new Uint8Array(TEXT - 4_020 + text.length);
  const view = new DataView(input.buffer);
  view.setInt32(0, NAMES.indexOf(name), true);
  args.forEach((arg, i) => {
    view.setBigInt64(4 + i * 8, BigInt(arg), true);
  });
  input.set(text, TEXT - 4_020);
  const bytes = (await plugin.call('run', input)).bytes();
  const out = new DataView(bytes.buffer, bytes.byteOffset);
  return { errno: out.getUint32(0, true), out: new DataView(bytes.buffer, bytes.byteOffset + 4) };
}

export async function open(
  plugin: Plugin,
  path: string,
  flags = 0n,
  rights = RIGHTS,
): Promise<{ errno: number; fd: number }> {
  const { errno, out } = await run(plugin, 'path_open', [3, 1, TEXT, path.length, flags, rights, 0, 0, OUT], path);
  return { errno, fd: out.getUint32(0, true) };
}

/** One buffer: its address and length stand before it. */
export async function write(plugin: Plugin, path: string, content: string): Promise<number> {
  const { errno, fd } = await open(plugin, path, CREATE);
  if (errno !== OK) return errno;
  const head = String.fromCharCode(8, 16, 0, 0, content.length, 0, 0, 0);
  const written = await run(plugin, 'fd_write', [fd, TEXT, 1, OUT], head + content);
  assert.equal((await run(plugin, 'fd_close', [fd])).errno, OK);
  return written.errno;
}

export async function read(plugin: Plugin, path: string): Promise<string> {
  const { errno, fd } = await open(plugin, path, 0n, 1n << 1n);
  if (errno !== OK) return `errno ${errno}`;
  const head = String.fromCharCode(4, 4, 0, 0, 64, 0, 0, 0);
  const { out } = await run(plugin, 'fd_read', [fd, TEXT, 1, OUT], head);
  await run(plugin, 'fd_close', [fd]);
  return new TextDecoder().decode(new Uint8Array(out.buffer, out.byteOffset + 4, out.getUint32(0, true)));
}

export async function source(given: { permissions?: object; wasi?: unknown } = {}) {
  const { permissions = { files: FILES }, wasi = { folders: { 'ws0://': '/' } } } = given;
  return { wasm: await anyCall(NAMES), manifest: { cloche: 1, id: 'p', permissions, wasi } };
}
