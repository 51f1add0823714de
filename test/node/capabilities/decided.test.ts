// What host calls that ask grant and policy tell of the answer.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostCallContext } from '../../../src/capabilities/host-function.ts';
import { checkCovered } from '../../../src/capabilities/http/check-covered.ts';
import { checkAllowed } from '../../../src/capabilities/scopes/check-allowed.ts';
import { mailScope } from '../../../src/capabilities/server/mail.ts';
import type { CallDecision } from '../../../src/events.ts';

type Asking = Pick<HostCallContext, 'grant' | 'policy' | 'decided'>;

/** What is told, as `by rule entry`, and whether it was allowed. */
function told(grant: unknown, policy: unknown, ask: (context: Asking) => void): string[] {
  const decisions: string[] = [];
  const decided = ({ decidedBy, rule, entry }: CallDecision): void => {
    decisions.push([decidedBy, rule, entry ?? '-'].join(' '));
  };
  try {
    ask({ grant, policy, decided });
    return [...decisions, 'allowed'];
  } catch (thrown) {
    return [...decisions, (thrown as { code: string }).code];
  }
}

describe('http', () => {
  const ask = (context: Asking): void =>
    checkCovered(context, { url: new URL('https://a.example/x'), methods: ['GET'] }, 'https://app.example');
  const entry = { allow: ['https://a.example'] };

  it('tells the entry of the grant that allows, and the rule of grant or policy that denies', () => {
    assert.deepEqual(told(entry, undefined, ask), ['grant allow https://a.example', 'allowed']);
    assert.deepEqual(told(entry, entry, ask), ['grant allow https://a.example', 'allowed']);
    assert.deepEqual(told({ allow: [] }, entry, ask), ['grant none -', 'PERMISSION_DENIED']);
    assert.deepEqual(told(entry, { allow: [] }, ask), ['policy none -', 'PERMISSION_DENIED']);
    const disallowed = { ...entry, disallow: ['https://a.example/x'] };
    assert.deepEqual(told(disallowed, undefined, ask), ['grant disallow https://a.example/x', 'PERMISSION_DENIED']);
  });
});

describe('a scope that lists names', () => {
  const ask = (context: Asking): undefined => checkAllowed('mail', mailScope, context, { to: 'ann@a.example' }, 'no');
  const scope = (given: object): unknown => mailScope.parse(given, 'grant.mail');

  it('tells the same', () => {
    const grant = scope({ allow: ['*@a.example'] });
    assert.deepEqual(told(grant, undefined, ask), ['grant allow *@a.example', 'allowed']);
    assert.deepEqual(told(undefined, undefined, ask), ['grant unlimited -', 'allowed']);
    assert.deepEqual(told(grant, scope({ allow: [] }), ask), ['policy none -', 'PERMISSION_DENIED']);
    assert.deepEqual(told(scope({ allow: [] }), undefined, ask), ['grant none -', 'PERMISSION_DENIED']);
  });
});
