// What a runner does with facts that are stored: it assumes them, and lets a worker compare before anything runs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KnownFacts } from '../../../src/runtime/start/known-facts.ts';
import type { ModuleFiles } from '../../../src/runtime/start/module-files.ts';
import { factsText } from '../../../src/runtime/wire/module-facts.ts';
import type { ModuleFacts } from '../../../src/runtime/wire/protocol.ts';
import { MAIN, RunnerRig } from './runner-rig.ts';

const HASH = '0';
const { name: _, ...STORED } = MAIN;
const OTHERS = { ...STORED, imports: [{ module: 'm', name: 'f', kind: 'function', type: '() -> ()' }] };

function files(facts: unknown, bytes = new Uint8Array(8), areOwn = true): ModuleFiles {
  return { bytes: new Map([[HASH, bytes]]), areOwn, facts: new Map(facts === undefined ? [] : [[HASH, facts]]) };
}

/** A rig whose plugin is stored, and what its worker told that was not stored. */
function stored(facts: unknown, bytes?: Uint8Array<ArrayBuffer>, areOwn?: boolean) {
  const news: (readonly ModuleFacts[])[] = [];
  let reads = 0;
  const rig = new RunnerRig(
    {},
    {
      files: async () => {
        reads++;
        return files(facts, bytes, areOwn);
      },
      inspected: (told) => void news.push(told),
    },
  );
  const requests = () => rig.sandboxes.flatMap(({ started }) => started.map(({ request }) => request));
  return { rig, news, requests, reads: () => reads };
}

describe('a runner of a stored plugin', () => {
  it('starts at once where its facts are stored, and has the worker compare them', async () => {
    const { rig, news, requests } = stored(STORED);
    assert.equal(await rig.call(), 'answered');
    assert.deepEqual(
      requests().map(({ inspectOnly, assumed }) => [inspectOnly, assumed]),
      [[false, factsText([MAIN])]],
    );
    assert.deepEqual(news, []);
  });

  it('starts nothing before a worker has told them where none are stored', async () => {
    const { rig, news, requests } = stored(undefined);
    assert.equal(await rig.call(), 'answered');
    assert.deepEqual(
      requests().map(({ inspectOnly, assumed }) => [inspectOnly, assumed]),
      [
        [true, null],
        [false, null],
      ],
    );
    assert.deepEqual(news, [[MAIN]]);
  });

  it('starts it anew under what the worker told, where that is not what was stored', async () => {
    const { rig, news, requests } = stored(OTHERS);
    assert.equal(await rig.call(), 'answered');
    assert.deepEqual(
      requests().map(({ assumed }) => assumed),
      [factsText([{ name: 'main', ...OTHERS } as ModuleFacts]), null],
    );
    assert.deepEqual([news, rig.runner.facts], [[[MAIN]], [MAIN]]);
  });

  it('ends a worker that tells of other modules each time, and asks it no third time', async () => {
    const { rig, requests } = stored(STORED);
    let starts = 0;
    rig.tells = () => ({ ...MAIN, name: `module-${++starts}` });
    assert.equal(await rig.call(), 'PROTOCOL_VIOLATION');
    assert.deepEqual([requests().length, rig.sandbox?.alive, rig.told], [2, false, ['killed PROTOCOL_VIOLATION']]);
  });

  for (const [what, facts] of [
    ['a text', 'facts'],
    ['null', null],
    ['lists of no known form', { imports: [{ name: 1 }], exports: {} }],
    ['an import of an unknown kind', { ...STORED, imports: [{ module: 'm', name: 'f', kind: 'door', type: '' }] }],
  ] as const) {
    it(`X6: takes ${what} in place of facts for none`, async () => {
      const { rig, requests } = stored(facts);
      assert.equal(await rig.call(), 'answered');
      assert.deepEqual(
        requests().map(({ inspectOnly }) => inspectOnly),
        [true, false],
      );
    });
  }

  it('sends the bytes of a module once, to be looked at and started', async () => {
    const { rig, requests, reads } = stored(undefined);
    assert.equal(await rig.call(), 'answered');
    assert.deepEqual(
      requests().map(({ modules }) => modules[0]?.bytes?.length),
      [8, undefined],
    );
    assert.equal(reads(), 1);
  });

  it('reads the modules while it waits for a place', async () => {
    const { rig, reads } = stored(STORED);
    rig.fill();
    await rig.begin();
    assert.deepEqual([rig.sandboxes.length, reads()], [0, 1]);
    rig.abort();
    assert.equal(await rig.begun, 'ABORTED');
  });

  it('hands over memory that is its own, and only that', async () => {
    const whole = new Uint8Array(8);
    const part = new Uint8Array(16).subarray(0, 8);
    for (const [bytes, areOwn, count] of [
      [whole, true, 1],
      [whole, false, 0],
      [part, true, 0],
    ] as const) {
      const { rig } = stored(STORED, bytes as Uint8Array<ArrayBuffer>, areOwn);
      await rig.call();
      assert.equal(rig.sandbox?.started[0]?.buffers.length, count);
    }
  });
});

describe('what is known of a plugin', () => {
  const modules = [
    { name: 'main', sha256: HASH },
    { name: 'other', sha256: '1' },
  ];

  it('is stored of all of its modules, or of none', () => {
    const known = new KnownFacts();
    known.assume(modules, files(STORED));
    assert.equal(known.modules, undefined);
  });

  it('has the names of the manifest, not those that are stored', () => {
    const known = new KnownFacts();
    known.assume(modules.slice(0, 1), files({ ...STORED, name: 'other' }));
    assert.deepEqual(known.modules, [MAIN]);
  });

  it('is not what is stored any more once a worker has told it', () => {
    const known = new KnownFacts();
    known.prove([MAIN]);
    known.assume(modules.slice(0, 1), files(OTHERS));
    assert.deepEqual([known.modules, known.assumed, known.areProven], [[MAIN], null, true]);
  });
});
