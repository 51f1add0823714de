// What was made by another version of the transpiler is made anew.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { TRANSPILER_VERSION } from '../../../src/runtime/component/component-cache.ts';

it('the version under which components are kept is that of the transpiler', () => {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  assert.equal(TRANSPILER_VERSION, devDependencies['@bytecodealliance/jco-transpile']);
});
