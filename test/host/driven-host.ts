// A host that is driven from outside; see test/node/host.

import { createHost } from '../../src/index.ts';
import { guest } from '../helpers/guests.ts';

/** Computes for some 100 ms, and says so. */
const WORK = `(func (export "work") (result i32) (local $i i32)
  (loop $again (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100000000))))
  (call $put_u64 (i64.const 0x656e6f64)) (i32.const 0))`;

async function openPlugin(timeoutMs: number): Promise<void> {
  const host = await createHost({ storage: `driven-${crypto.randomUUID()}` });
  const plugin = await host.open(await guest(WORK), { id: 'driven', limits: { timeoutMs } });
  Object.assign(window, { host, plugin });
}

Object.assign(window, { openPlugin });
