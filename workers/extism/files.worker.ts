// What workers of plugins run that ask for all of WASI, files among it.

import { servePlugin } from '../serve-plugin.ts';
import { fullWasi } from '../wasi/full/full-wasi.ts';
import { extismWith } from './abi.ts';

servePlugin(self as DedicatedWorkerGlobalScope, new Map([['extism', extismWith(fullWasi)]]));
