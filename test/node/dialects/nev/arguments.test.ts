// What arguments a command takes by the types that it declares.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkArguments } from '../../../../src/manifest/command-arguments.ts';

const takes = (type: string, args: string): boolean => {
  const command = { name: 'go', description: '', params: [{ name: 'n', type }], returnType: '' };
  try {
    checkArguments({ ...command, handler: undefined, callback: undefined }, args, 'a.go');
    return true;
  } catch {
    return false;
  }
};

const CASES: readonly [type: string, taken: readonly string[], refused: readonly string[]][] = [
  ['s64', ['9223372036854775807', '-9223372036854775808', '9007199254740993'], ['1e19', '0.5', '-1e19']],
  ['int', ['9223372036854775807'], ['1e300']],
  ['u64', ['18446744073709551615', '0'], ['-1', '1e20']],
  ['s32', ['-2147483648', '2147483647'], ['2147483648', '-2147483649']],
  ['u32', ['4294967295'], ['4294967296', '-1']],
];

for (const [type, taken, refused] of CASES) {
  it(`a number of type ${type} is one of those`, () => {
    for (const args of taken) assert.ok(takes(type, args), args);
    for (const args of refused) assert.ok(!takes(type, args), args);
  });
}
