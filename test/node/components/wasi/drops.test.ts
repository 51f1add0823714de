// What becomes of resources that a guest drops, in an engine that has no `Symbol.dispose`.

import assert from 'node:assert/strict';
import { it } from 'node:test';

it('files and bodies are let go of by the name that the glue has for it then', async () => {
  const given = globalThis.Symbol;
  const older = Object.setPrototypeOf(
    Object.assign((text?: string) => given(text), { dispose: undefined }),
    given,
  ) as typeof Symbol;
  globalThis.Symbol = older;
  try {
    const [{ Descriptor }, { OutgoingBody }] = await Promise.all([
      import('../../../../workers/component/wasi/files/descriptor.ts'),
      import('../../../../workers/component/wasi/http/outgoing.ts'),
    ]);
    for (const { prototype } of [Descriptor, OutgoingBody])
      assert.ok(Object.hasOwn(prototype, given.for('dispose')), prototype.constructor.name);
  } finally {
    globalThis.Symbol = given;
  }
});
