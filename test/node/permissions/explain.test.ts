// Which entry of grant or policy decides about one use, in words, and the narrowest grant that would change it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineCapability } from '../../../src/capabilities/capability.ts';
import { defaultCapabilities } from '../../../src/capabilities/defaults.ts';
import { filesScope } from '../../../src/capabilities/scopes/files-scope.ts';
import { explain, type PermissionUse } from '../../../src/permissions/explain.ts';
import { checkedPolicy, resolveGrants } from '../../../src/permissions/grants.ts';
import { linkerOf } from '../../helpers/dialects.ts';
import { throwsCode } from '../../helpers/expect-code.ts';

const linked = await linkerOf('cloche');
const capabilities = [
  ...defaultCapabilities(),
  defineCapability({ name: 'files', functions: {}, scope: filesScope }),
  defineCapability({ name: 'items', functions: {} }),
];

interface Case {
  readonly grant?: Readonly<Record<string, unknown>>;
  readonly policy?: Readonly<Record<string, unknown>>;
}

function explained(use: PermissionUse, { grant = {}, policy }: Case) {
  const checked = checkedPolicy(policy, capabilities);
  const grants = resolveGrants({
    manifest: { id: 'p', permissions: [] },
    dialect: linked('cloche', capabilities),
    importedFunctions: [],
    capabilities,
    policy: checked,
    grant,
  });
  return explain(use, { capabilities, policy: checked, grants });
}

const GET = { capability: 'http', url: 'https://api.example.com/v1' };
const ORIGIN = 'https://api.example.com';

describe('explain', () => {
  const rows: [use: PermissionUse, given: Case, text: string, needs?: unknown][] = [
    [GET, { grant: { http: { allow: [ORIGIN] } } }, `Allowed by the entry "${ORIGIN}" of its grant of http.`],
    [GET, {}, 'Denied: it was granted nothing of http.', { http: { allow: [ORIGIN] } }],
    [
      GET,
      { grant: { http: { allow: [] } } },
      'Denied: nothing in its grant of http allows it.',
      { http: { allow: [ORIGIN] } },
    ],
    [
      GET,
      { grant: { http: { allow: ['*'], disallow: ['*.example.com'] } } },
      'Denied by the exception "*.example.com" of its grant of http.',
    ],
    [GET, { grant: { http: true }, policy: { http: false } }, 'Denied: the policy of this site forbids http.'],
    [
      GET,
      { grant: { http: true }, policy: { http: { allow: ['example.org'] } } },
      'Denied: nothing in the policy of this site allows it.',
    ],
    [
      { ...GET, method: 'delete' },
      { grant: { http: { allow: [ORIGIN], methods: ['GET'] } } },
      'Denied: its grant of http does not allow this method.',
      { http: { allow: [ORIGIN] } },
    ],
    [
      { capability: 'kv', bytes: 11 },
      { grant: { kv: { bytes: 10 } } },
      'Denied: its grant of kv sets a lower limit.',
      { kv: { bytes: 11 } },
    ],
    [
      { capability: 'kv', bytes: 9 },
      { grant: { kv: { bytes: 10 } } },
      'Allowed: it is within the limit of its grant of kv.',
    ],
    [{ capability: 'kv' }, { grant: { kv: true } }, 'Allowed: its grant of kv sets no limit to it.'],
    [
      { capability: 'mail', to: 'Ann <ann@example.com>' },
      { grant: { mail: { to: ['*@example.com'], disallow: ['ann@example.com'] } } },
      'Denied by the exception "ann@example.com" of its grant of mail.',
    ],
    [
      { capability: 'commands', name: 'rm' },
      { grant: { commands: { allow: ['make'] } } },
      'Denied: nothing in its grant of commands allows it.',
      { commands: { allow: ['rm'] } },
    ],
    [
      { capability: 'commands', name: 'rm ' },
      { grant: { commands: true } },
      'Denied, whatever is granted: it can be read in more than one way.',
    ],
    [
      { capability: 'files', write: 'ws0://a/../src/x' },
      { grant: { files: { read: { allowAll: true } } } },
      'Denied: nothing in its grant of files allows it.',
      { files: { write: { allow: ['ws0://src/x'] } } },
    ],
    [{ capability: 'items' }, {}, 'Denied: it was granted nothing of items.', { items: true }],
    [{ capability: 'log' }, {}, 'Allowed: its grant of log sets no limit to it.'],
    [{ capability: 'teleport' }, {}, 'Denied: this site offers no capability teleport.'],
  ];
  for (const [use, given, text, needs] of rows) {
    it(`${JSON.stringify(use)} under ${JSON.stringify(given)}`, () => {
      const explanation = explained(use, given);
      assert.deepEqual([explanation.text, explanation.needs], [text, needs]);
      assert.equal(explanation.allowed, text.startsWith('Allowed'));
      if (needs !== undefined) {
        assert.equal(explained(use, { ...given, grant: needs as Case['grant'] & object }).allowed, true);
      }
    });
  }

  it('refuses a use that lacks the words of its capability', () => {
    throwsCode('OPTION_INVALID', () => explained({ capability: 'mail' }, { grant: { mail: true } }));
    throwsCode('OPTION_INVALID', () => explain(null, { capabilities, policy: new Map(), grants: new Map() }));
  });
});
