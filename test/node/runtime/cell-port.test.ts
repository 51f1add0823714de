import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CellPort } from '../../../src/runtime/isolation/cell/cell-port.ts';

const LARGE = 65_536;

/** What went which way. */
function stage(hasWay = true): { port: CellPort; hear: () => void; sent: string[] } {
  const sent: string[] = [];
  const end = {
    onmessage: null as ((event: unknown) => void) | null,
    postMessage: () => void sent.push('port'),
  };
  const port = new CellPort(end as unknown as MessagePort, hasWay ? () => void sent.push('window') : undefined);
  port.onmessage = () => undefined;
  return { port, hear: () => end.onmessage?.({ data: 0 }), sent };
}

describe('the port to a worker in a cell', () => {
  it('leaves what is large to the window of the cell', () => {
    const { port, hear, sent } = stage();
    hear();
    port.postMessage(0, [new ArrayBuffer(LARGE)]);
    port.postMessage(0, [new ArrayBuffer(LARGE - 1)]);
    port.postMessage(0);
    assert.deepEqual(sent, ['window', 'port', 'port']);
  });

  it('takes everything before the worker was heard: the cell may not have made it yet', () => {
    const { port, sent } = stage();
    port.postMessage(0, [new ArrayBuffer(LARGE)]);
    assert.deepEqual(sent, ['port']);
  });

  it('takes everything where the window gains nothing', () => {
    const { port, hear, sent } = stage(false);
    hear();
    port.postMessage(0, [new ArrayBuffer(LARGE)]);
    assert.deepEqual(sent, ['port']);
  });
});
