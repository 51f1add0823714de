// Pictures of plugins of Nev in the playground. What draws them is a stand-in.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Owner, Textures } from '../../../demo/playground/editor/textures.ts';

class Canvas {
  constructor(
    readonly width: number,
    readonly height: number,
  ) {}
  getContext(): undefined {
    return undefined;
  }
}

/** @param hasEnded before anything is made */
function owner(id: number, hasEnded = false) {
  const ends: (() => void)[] = [];
  const onEnd = (run: () => void): void => void (hasEnded ? run() : ends.push(run));
  const of: Owner = { plugin: { id: 'p' }, instance: { id, onEnd } };
  const end = (): void => {
    for (const run of ends) run();
  };
  return { of, end };
}

describe('textures', () => {
  const { OffscreenCanvas } = globalThis;
  before(() => Object.assign(globalThis, { OffscreenCanvas: Canvas }));
  after(() => Object.assign(globalThis, { OffscreenCanvas }));

  it('are as long as their instance lives, and none of one that has ended by then', () => {
    const textures = new Textures();
    const make = (of: Owner): number => textures.make(of, 4_096, 8_192, new Uint8Array(), 'rgba8');
    assert.equal(make(owner(1, true).of), 0);
    const second = owner(2);
    const id = make(second.of);
    assert.notEqual(id, 0);
    assert.equal(make(owner(3).of), 0, 'there is no room for another');
    second.end();
    assert.equal(textures.get(id, 'p'), undefined);
    assert.notEqual(make(owner(4).of), 0);
  });
});
