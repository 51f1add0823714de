// What the worker of a Nev plugin runs.

import { servePlugin } from '../serve-plugin.ts';
import { nev } from './abi.ts';

servePlugin(self as DedicatedWorkerGlobalScope, new Map([['nev', nev]]));
