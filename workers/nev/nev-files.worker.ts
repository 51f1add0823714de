// What the worker of a Nev plugin runs that asks for all of WASI, files among it.

import { servePlugin } from '../serve-plugin.ts';
import { fullWasi } from '../wasi/full/full-wasi.ts';
import { nevWith } from './abi.ts';

servePlugin(self as DedicatedWorkerGlobalScope, new Map([['nev', nevWith(fullWasi)]]));
