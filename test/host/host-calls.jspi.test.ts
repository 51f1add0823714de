import { engine } from '../helpers/engine.ts';
import { assertWayMissing, hostCallsContract } from './host-calls.contract.ts';

for (const isolation of ['process', 'origin'] as const) {
  describe(`host calls by JSPI, with the isolation \`${isolation}\``, () => {
    const options = { hostCalls: 'jspi', isolation } as const;
    if (engine.jspi) hostCallsContract({ way: 'jspi', isolation: 'opaque-origin', options });
    else assertWayMissing(options, /^The engine has no JSPI;/);
  });
}
