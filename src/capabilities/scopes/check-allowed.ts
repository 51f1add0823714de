// What a host function asks before it does something: the grant first, then the policy.

import { ClocheError } from '../../errors.ts';
import type { ScopeRule } from '../capability.ts';
import type { HostCallContext } from '../host-function.ts';

type Deciding = Required<Pick<ScopeRule, 'decide' | 'narrowest'>>;

/** @throws {ClocheError} PERMISSION_DENIED with `text`, and with the narrowest grant that would allow it unless the policy forbids it */
export function checkAllowed(
  capability: string,
  rule: Deciding,
  { grant, policy }: Pick<HostCallContext, 'grant' | 'policy'>,
  request: Readonly<Record<string, unknown>>,
  text: string,
): undefined {
  const isWithin = rule.decide(grant, request).allowed;
  const isForbidden = policy !== undefined && !rule.decide(policy, request).allowed;
  if (isWithin && !isForbidden) return undefined;
  const scope = isForbidden ? undefined : rule.narrowest(request);
  throw new ClocheError('PERMISSION_DENIED', text, {
    needs: scope === undefined ? undefined : { [capability]: scope },
  });
}
