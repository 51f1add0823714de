import { engine } from '../helpers/engine.ts';
import { assertWayMissing, hostCallsContract } from './host-calls.contract.ts';

describe('host calls by atomics', () => {
  const options = { hostCalls: 'atomics' } as const;
  if (engine.sharedMemory) hostCallsContract({ way: 'atomics', isolation: 'opaque-origin', options });
  else assertWayMissing(options, /no shared memory/);
});
