// What a plugin of Nev draws, as the playground reads it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCommands } from '../../../demo/playground/editor/render-commands.ts';

const floats = (...values: number[]): number[] => [...new Uint8Array(Float32Array.from(values).buffer)];
const BOUNDS = floats(1, 2, 3, 4);
const RED = floats(1, 0, 0, 0.5);
const bounds = { x: 1, y: 2, width: 3, height: 4 };
const color = 'rgb(255 0 0 / 0.5019607843137255)';

describe('commands of a render view', () => {
  it('are boxes, texts, clips and moves', () => {
    const text = [...new TextEncoder().encode('é!')];
    const bytes = [
      ...[1, ...BOUNDS, ...RED, 0x80, 0x01],
      ...[0, 42],
      ...[2, ...BOUNDS, ...RED, 0],
      ...[5, ...BOUNDS, ...RED, 3, text.length, ...text],
      ...[3, ...BOUNDS, ...floats(0, 0, 1, 1), ...RED, 7, 0],
      ...[6, ...BOUNDS, 7, ...RED, 0],
      ...[8, ...floats(5, 6), 9],
    ];
    assert.deepEqual(readCommands(Uint8Array.from(bytes)), [
      { is: 'rect', bounds, color },
      { is: 'filled', bounds, color },
      { is: 'text', bounds, color, text: 'é!' },
      { is: 'image', bounds, part: { x: 0, y: 0, width: 1, height: 1 }, texture: 7 },
      { is: 'clip', bounds },
      { is: 'back' },
      { is: 'move', x: 5, y: 6 },
      { is: 'back' },
    ]);
  });

  it('that are cut, or of any other bytes, end where they cannot be read', () => {
    let seed = 3;
    const random = (most: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % most;
    };
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from({ length: random(90) }, () => (random(3) ? random(10) : random(256)));
      assert.ok(Array.isArray(readCommands(bytes)));
    }
    assert.deepEqual(readCommands(Uint8Array.of(5, ...BOUNDS, ...RED, 0, 0xff, 0xff, 0xff, 0xff, 0x0f)), []);
    assert.deepEqual(readCommands(Uint8Array.of(1, ...BOUNDS)), []);
  });
});
