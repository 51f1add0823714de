// What every plugin worker runs.

import { GUESTS } from './guests.ts';
import { servePlugin } from './serve-plugin.ts';

servePlugin(self as DedicatedWorkerGlobalScope, GUESTS);
