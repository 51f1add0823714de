import { engine } from '../helpers/engine.ts';
import { assertWayMissing, hostCallsContract } from './host-calls.contract.ts';

describe('host calls by JSPI', () => {
  const options = { hostCalls: 'jspi' } as const;
  if (engine.jspi) hostCallsContract({ way: 'jspi', isolation: 'opaque-origin', options });
  else assertWayMissing(options, /^The engine has no JSPI;/);
});
