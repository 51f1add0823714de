// The table, from top to bottom.

import type { Row } from '../row.ts';
import { coldStart } from './cold-start.ts';
import { componentHostCall, componentStart } from './component.ts';
import { event } from './event.ts';
import { hostBytes } from './host-bytes.ts';
import { emptyCall, hostCall, hostCallFramed, hostCallShared, thousandHostCalls, thousandShared } from './host-call.ts';
import { kvReads, kvReadsEmpty, kvWrites, kvWritesEmpty } from './kv.ts';
import { largeInput } from './large-input.ts';
import { list, wake } from './list.ts';
import { memoryAlive, memoryAsleep } from './memory.ts';
import { nevCommand } from './nev-command.ts';
import { restart } from './restart.ts';
import { smallCall } from './small-call.ts';
import { sqlCommit, sqlCommitDurable, sqlFirst, sqlFirstDurable } from './sql.ts';

export const ROWS: readonly Row[] = [
  smallCall,
  largeInput,
  emptyCall,
  hostCall,
  hostCallFramed,
  hostCallShared,
  hostBytes,
  thousandHostCalls,
  thousandShared,
  nevCommand,
  kvWrites,
  kvWritesEmpty,
  kvReads,
  kvReadsEmpty,
  restart,
  coldStart,
  event,
  list,
  wake,
  componentStart,
  componentHostCall,
  sqlFirst,
  sqlFirstDurable,
  sqlCommit,
  sqlCommitDurable,
  memoryAlive,
  memoryAsleep,
];
