// What a component imports or exports, as an app and its host functions know it: functions by interface.

import type { Externs } from './scope.ts';
import type { TypeNumbers } from './type-nodes.ts';
import type { WitInterface, World } from './wit-types.ts';

export function interfacesOf(externs: Externs, numbers: TypeNumbers): World['imports'] {
  const own = interfaceOf('', externs, numbers);
  const others = [...externs].flatMap(([name, extern]) =>
    extern.is === 'instance' ? [interfaceOf(name, extern.externs, numbers)] : [],
  );
  return own.functions.length > 0 ? [own, ...others] : others;
}

function interfaceOf(name: string, externs: Externs, numbers: TypeNumbers): WitInterface {
  const resources = [...externs].flatMap(([key, { is, ...extern }]) =>
    is === 'type' && 'type' in extern && 'is' in extern.type && extern.type.is === 'resource' ? [key] : [],
  );
  return { name, functions: functionsOf(externs, numbers), resources };
}

function functionsOf(externs: Externs, numbers: TypeNumbers): WitInterface['functions'] {
  return [...externs].flatMap(([name, extern]) => {
    if (extern.is !== 'func') return [];
    const { params, result } = extern.type;
    const own = params.map(([param, type]) => [param, numbers.of(type)] as const);
    return [{ name, params: own, result: result === null ? null : numbers.of(result) }];
  });
}
