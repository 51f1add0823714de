// What a host function asks before it does something, of grant and policy.

import { ClocheError } from '../../errors.ts';
import type { ScopeRule } from '../capability.ts';
import type { HostCallContext } from '../host-function.ts';

type Deciding = Required<Pick<ScopeRule, 'decide' | 'narrowest'>>;

/** @throws {ClocheError} PERMISSION_DENIED with `text`, and with the narrowest grant that would allow it unless the policy forbids it */
export function checkAllowed(
  capability: string,
  rule: Deciding,
  { grant, policy, decided }: Pick<HostCallContext, 'grant' | 'policy' | 'decided'>,
  request: Readonly<Record<string, unknown>>,
  text: string,
): undefined {
  const byPolicy = policy === undefined ? undefined : rule.decide(policy, request);
  const isForbidden = byPolicy?.allowed === false;
  const { allowed, ...decision } = isForbidden ? byPolicy : rule.decide(grant, request);
  decided?.({ decidedBy: isForbidden ? 'policy' : 'grant', ...decision });
  if (allowed) return undefined;
  const scope = isForbidden ? undefined : rule.narrowest(request);
  throw new ClocheError('PERMISSION_DENIED', text, {
    needs: scope === undefined ? undefined : { [capability]: scope },
  });
}
