// A plugin worker that speaks two more ABIs. The real one speaks neither.

import { GUESTS } from '../../../workers/guests.ts';
import type { WorkerScope } from '../../../workers/module-cache.ts';
import { servePlugin } from '../../../workers/serve-plugin.ts';
import { fake } from './fake-guest.ts';
import { liar } from './liar.ts';

servePlugin(self as unknown as WorkerScope, new Map([...GUESTS, ['fake', fake], ['liar', liar]]));
