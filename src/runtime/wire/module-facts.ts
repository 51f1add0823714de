// What modules import and export, as one text: two lists of facts are the same where their texts are.

import type { ModuleFacts } from './protocol.ts';

/** Whatever the order in which an engine keeps the keys of an object. */
export function factsText(modules: readonly ModuleFacts[]): string {
  return JSON.stringify(
    modules.map(({ name, imports, exports }) => [
      name,
      imports.map((fact) => [fact.module, fact.name, fact.kind, fact.type]),
      exports.map((fact) => [fact.name, fact.kind, fact.type, fact.callable]),
    ]),
  );
}
