import { assert } from 'chai';
import { isHeard, log } from '../../../../src/capabilities/log/log.ts';
import { ClocheError } from '../../../../src/errors.ts';
import { callFunction, functionOf } from '../../../capabilities/call.ts';

async function logged(payload: string | Uint8Array): Promise<string[]> {
  const lines: string[] = [];
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  assert.isUndefined(await callFunction(log(), 'log', [bytes], { dialect: 'windshift', lines }));
  return lines;
}

describe('log for Windshift', () => {
  it('takes one block and returns nothing', async () => {
    const fn = functionOf(log(), 'log', 'windshift')?.shape;
    assert.deepEqual([fn?.namespace, fn?.params, fn?.result], ['extism:host/user', ['bytes'], null]);
  });

  const levels: [given: string, level: string][] = [
    ['debug', 'debug'],
    ['info', 'info'],
    ['warn', 'warn'],
    ['warning', 'warn'],
    ['error', 'error'],
    ['WARNING', 'warn'],
    ['Error', 'error'],
    ['trace', 'info'],
    ['fatal', 'info'],
    ['', 'info'],
    ['constructor', 'info'],
  ];
  for (const [given, level] of levels) {
    it(`H12: writes level ${JSON.stringify(given)} as ${level}, in the plugin's name`, async () => {
      assert.deepEqual(await logged(JSON.stringify({ level: given, message: 'hello' })), [`plugin ${level}: hello`]);
    });
  }

  it('writes what is missing as empty', async () => {
    assert.deepEqual(await logged('{}'), ['plugin info: ']);
    assert.deepEqual(await logged('{"Message":"a","LEVEL":"error"}'), ['plugin error: a']);
  });

  for (const payload of ['', 'x', '[]', '"a"', '{"message":1}', '{"level":[],"message":"a"}', '{"message":"a"']) {
    it(`drops ${JSON.stringify(payload)}`, async () => assert.deepEqual(await logged(payload), []));
  }

  it('drops a block that cannot be read', async () => {
    const failed = functionOf(log(), 'log', 'windshift')?.failed;
    assert.isDefined(failed);
    assert.isUndefined(await failed?.(new ClocheError('ARGUMENT_UNREADABLE', 'no block')));
  });

  it('is kept from the level on that the host asks for', () => {
    assert.isTrue(isHeard('info', 'info'));
    assert.isTrue(isHeard('error', 'info'));
    assert.isFalse(isHeard('debug', 'info'));
    assert.isFalse(isHeard('error', 'off'));
  });
});
