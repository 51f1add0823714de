// What the worker of a component runs: a worker as any other, behind which the glue of its component stands.

import { servePlugin } from '../serve-plugin.ts';
import { componentAbi } from './abi.ts';
import { awaitGlue } from './glue.ts';
import { LiftBudget } from './lift-budget.ts';

// The glue needs them, and what they can do is no more than a promise can.
const { setTimeout, clearTimeout, queueMicrotask } = globalThis;

const budget = new LiftBudget();
const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

servePlugin(self as DedicatedWorkerGlobalScope, new Map([['component', componentAbi(budget, sleep)]]));

Object.assign(globalThis, { setTimeout, clearTimeout, queueMicrotask });
awaitGlue();
