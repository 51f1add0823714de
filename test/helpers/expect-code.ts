// Assertions on the code of a ClocheError; the wording is free, so it is matched only where asked.

import { assert } from 'chai';
import { ClocheError, type ErrorCode } from '../../src/errors.ts';

export function throwsCode(code: ErrorCode, action: () => unknown, wording?: RegExp): void {
  let result: unknown;
  try {
    result = action();
  } catch (error) {
    checkCode(error, code, wording);
    return;
  }
  assert.fail(`expected ${code}, and it returned ${JSON.stringify(result)}`);
}

export async function rejectsCode(
  code: ErrorCode,
  action: Promise<unknown> | (() => Promise<unknown>),
  wording?: RegExp,
): Promise<void> {
  try {
    await (typeof action === 'function' ? action() : action);
  } catch (error) {
    checkCode(error, code, wording);
    return;
  }
  assert.fail(`expected ${code}, and it resolved`);
}

function checkCode(error: unknown, code: ErrorCode, wording: RegExp | undefined): void {
  if (!(error instanceof ClocheError)) throw error;
  assert.equal(error.code, code, error.message);
  if (wording) assert.match(error.message, wording);
}
