// Runs commands on this machine: no shell, no input, a process group of its own that never outlives the call.

import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { execa } from 'execa';
import type { Command, CommandEnd, Commands } from '../functions/cli-exec.ts';

export interface LocalCommands extends Commands {
  /** Kills what runs, for a server that cannot wait any longer. */
  killAll(): void;
}

export function createCommands(): LocalCommands {
  const groups = new Set<number>();

  return {
    folder,
    killAll: () => groups.forEach(killGroup),
    async run(command) {
      const child = start(command);
      const { pid } = child;
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        if (pid !== undefined) killGroup(pid);
      }, command.timeoutMs);
      if (pid !== undefined) groups.add(pid);
      // What the command left running in its group holds its streams open, and has no business after it.
      child.once('exit', () => pid !== undefined && killGroup(pid));
      const ended = await child;
      clearTimeout(timer);
      if (pid !== undefined) groups.delete(pid);
      return toEnd(ended, late);
    },
  };
}

function start({ program, args, workingDir, env, outputBytes }: Command) {
  return execa(program, args, {
    cwd: workingDir,
    // `PATH` so that the program finds its own helpers; the relay's other variables may hold secrets.
    env: { PATH: process.env.PATH, ...env },
    extendEnv: false,
    stdin: 'ignore',
    stdout: capped(outputBytes),
    stderr: capped(outputBytes),
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    // The leader of a process group, so that its children can be killed with it.
    detached: true,
    windowsHide: true,
  });
}

/** Lets so many bytes through and throws the rest away, so that the command never waits for a full pipe. */
function capped(bytes: number) {
  return {
    binary: true,
    *transform(chunk: unknown) {
      if (!(chunk instanceof Uint8Array) || bytes === 0) return;
      const kept = chunk.subarray(0, bytes);
      bytes -= kept.byteLength;
      yield kept;
    },
  };
}

type Ended = Awaited<ReturnType<typeof start>>;

function toEnd(ended: Ended, late: boolean): CommandEnd {
  const output = { stdout: toText(ended.stdout), stderr: toText(ended.stderr) };
  if (late) return { end: 'timeout', ...output };
  if (ended.exitCode !== undefined) return { end: 'exited', exitCode: ended.exitCode, ...output };
  if (ended.signal !== undefined) return { end: 'failed', error: `command was ended by ${ended.signal}`, ...output };
  return { end: 'failed', error: `command could not be started: ${systemText(ended.cause)}`, ...output };
}

function toText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The system's words for an error, without the path that Node adds. */
function systemText(cause: unknown): string {
  const errno = cause instanceof Error && 'errno' in cause ? Number(cause.errno) : Number.NaN;
  return getSystemErrorMap().get(errno)?.[1] ?? 'unknown error';
}

function killGroup(pid: number): void {
  try {
    // Windows has no process groups; there only the command itself is ended.
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    // The last one of the group has ended by itself.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function folder(base: string, asked: string): Promise<string | undefined> {
  try {
    const [root, wanted] = await Promise.all([realpath(base), realpath(resolve(base, asked))]);
    const below = relative(root, wanted);
    const outside = below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below);
    return outside ? undefined : wanted;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
