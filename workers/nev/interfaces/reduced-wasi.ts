// What a guest of Nev finds of WASI by default: the functions that Nev itself links, with Nev's answers (docs/nev.md). An exit
// goes back to the guest, the clock has no time, and what Emscripten's library asks of a file system does nothing.

import { EACCES, SUCCESS } from '../../../src/files/errno.ts';
import { trap } from '../../../src/runtime/wire/abi/trap.ts';
import type { AbiType } from '../../../src/runtime/wire/abi/types.ts';
import type { LogLines } from '../../log-lines.ts';
import type { Memory } from '../memory.ts';
import { does, gives, type LocalFunction } from './local-function.ts';

const WASI = 'wasi_snapshot_preview1 ';
const SYSCALL = 'env __syscall_';
const FDSTAT_BYTES = 24;
/** Buffers of one call: each is an object here. */
const MOST_PIECES = 1_024;
const [STDOUT, STDERR] = [1, 2];

/** By namespace and name, with a space between them. */
export function reducedWasi(memory: Memory, logs: LogLines): Record<string, LocalFunction> {
  const answer = (errno: number, ...params: AbiType[]): LocalFunction => ({ params, result: 's32', run: () => errno });
  const syscall = (...params: AbiType[]): LocalFunction => answer(SUCCESS, ...params);

  const write = (fd: number, at: number, count: number, done: number): number => {
    if (fd !== STDOUT && fd !== STDERR) {
      memory.view(done, 4, '`fd_write`').setUint32(0, 0, true);
      return fd | 0;
    }
    if (count > MOST_PIECES) throw trap(`\`fd_write\`: ${count} buffers; at most ${MOST_PIECES} are allowed`);
    const list = memory.view(at, count * 8, '`fd_write`');
    const pieces = Array.from({ length: count }, (_, i) =>
      memory.read(list.getUint32(i * 8, true), list.getUint32(i * 8 + 4, true), '`fd_write`'),
    );
    const written = pieces.reduce((sum, { length }) => sum + length, 0);
    memory.view(done, 4, '`fd_write`').setUint32(0, written, true);
    for (const piece of pieces) logs.stream(fd === STDOUT ? 'stdout' : 'stderr', piece);
    return SUCCESS;
  };

  return {
    [`${WASI}proc_exit`]: does(['u32'], (code) => {
      logs.write('info', 'plugin', new TextEncoder().encode(`\`proc_exit\` of ${code}, which ends nothing`));
    }),
    [`${WASI}fd_close`]: answer(EACCES, 'u32'),
    [`${WASI}fd_read`]: answer(EACCES, 'u32', 'u32', 'u32', 'u32'),
    [`${WASI}fd_seek`]: answer(EACCES, 'u32', 's64', 'u32', 'u32'),
    [`${WASI}fd_fdstat_get`]: gives(['u32', 'u32'], 's32', (fd, at) => {
      memory.write(at, new Uint8Array(FDSTAT_BYTES), '`fd_fdstat_get`');
      return fd === STDOUT || fd === STDERR ? SUCCESS : EACCES;
    }),
    [`${WASI}fd_write`]: gives(['u32', 'u32', 'u32', 'u32'], 's32', write),
    [`${WASI}clock_time_get`]: gives(['u32', 's64', 'u32'], 's32', (_id, _precision, at) => {
      memory.write(at, new Uint8Array(8), '`clock_time_get`');
      return EACCES;
    }),
    [`${WASI}environ_sizes_get`]: answer(SUCCESS, 'u32', 'u32'),
    [`${WASI}environ_get`]: answer(SUCCESS, 'u32', 'u32'),
    [`${SYSCALL}chmod`]: syscall('u32', 'u32'),
    [`${SYSCALL}fadvise64`]: syscall('u32', 's64', 's64', 'u32'),
    [`${SYSCALL}readlinkat`]: syscall('u32', 'u32', 'u32', 'u32'),
    [`${SYSCALL}renameat`]: syscall('u32', 'u32', 'u32', 'u32'),
    [`${SYSCALL}symlinkat`]: syscall('u32', 'u32', 'u32'),
    [`${SYSCALL}unlinkat`]: syscall('u32', 'u32', 'u32'),
  };
}
