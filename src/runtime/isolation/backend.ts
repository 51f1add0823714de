// What sandboxes are made of, opened: who holds their workers, and how these wait for the page.

import { dispose } from '../../util/dispose.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { AnswerChannel } from '../wait/answer-channel.ts';
import type { HostCallWay, WaitSetup } from '../wire/protocol.ts';
import { openCell } from './cell/cell.ts';
import type { ProcessKind } from './cell/measure-process.ts';
import { processOfCells } from './cell/own-process.ts';
import { openCompartment } from './compartment.ts';
import type { WorkerHost } from './worker-host.ts';

export interface SandboxBackend {
  readonly workerHost: WorkerHost;
  openAnswerChannel(): AnswerChannel;
  /** Whether its workers have a process apart from the page's; measured when it is first asked. @throws {ClocheError} FETCH_FAILED */
  process(): Promise<ProcessKind>;
}

/** Ways to wait that do not need a worker of the page's own origin. */
export type OpaqueWay = Exclude<HostCallWay, 'service-worker'>;

/** @throws what `openCell` throws */
export async function cellBackend(way: Exclude<OpaqueWay, 'atomics'>): Promise<SandboxBackend> {
  const cell = await openCell();
  return {
    workerHost: cell,
    openAnswerChannel: () => unblocked({ way }),
    process: () => processOfCells((ms, port) => cell.spin(ms, port)),
  };
}

/** @throws what `openCompartment` throws, and FETCH_FAILED */
export async function compartmentBackend(way: OpaqueWay): Promise<SandboxBackend> {
  const openAnswerChannel = await channelsOf(way);
  const workerHost = await openCompartment();
  return { workerHost, openAnswerChannel, process: async () => 'shared' };
}

/** Shared memory comes late: engines that suspend guests have no use for it. */
async function channelsOf(way: OpaqueWay): Promise<() => AnswerChannel> {
  if (way !== 'atomics') return () => unblocked({ way });
  return (await loadChunk(() => import('../wait/shared-memory-channel.ts'))).openSharedMemory;
}

function unblocked(setup: WaitSetup): AnswerChannel {
  return { setup, answer: () => undefined, more: () => undefined, [dispose]: () => undefined };
}
