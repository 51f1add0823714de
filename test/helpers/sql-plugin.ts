// A component that does with a statement what its exports are called.

import { component, MEMORY, windmillPlugin } from './component.ts';

const PACKAGE = 'plugins-manager:transactions-manager';
const EXPORTS = ['run', 'leave', 'trap', 'spin', 'bare', 'save', 'read', 'election'] as const;

const imported = (place: string, name: string, func: string, params: number): string =>
  `(import "${PACKAGE}/${place}" "${name}" (func $${func} (param ${'i32 '.repeat(params)})))`;

/** Begins, and runs the statement; what goes wrong before is the answer. */
const BEGIN = `(call $create (i32.const 64)) (if (i32.load8_u (i32.const 64)) (then (return (i32.const 64))))
  (call $execute (local.get 0) (local.get 1) (i32.const 0) (i32.const 0) (i32.const 96))`;
const COMMIT = `(call $commit (i32.const 128)) (if (i32.load8_u (i32.const 128)) (then (return (i32.const 128))))`;

const BODIES: Readonly<Record<(typeof EXPORTS)[number], string>> = {
  run: `${BEGIN} (if (i32.load8_u (i32.const 96)) (then (return (i32.const 96)))) ${COMMIT} (i32.const 96)`,
  leave: `${BEGIN} (i32.const 96)`,
  trap: `${BEGIN} (unreachable)`,
  spin: `${BEGIN} (loop $on (br $on)) (unreachable)`,
  bare: `(call $execute (local.get 0) (local.get 1) (i32.const 0) (i32.const 0) (i32.const 96)) (i32.const 96)`,
  // Secrets of the tenant "t" and no event: their key and their value are one.
  save: `(call $create (i32.const 64)) (if (i32.load8_u (i32.const 64)) (then (return (i32.const 64))))
    (call $save (i32.const 16) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 16) (i32.const 1) (local.get 0) (local.get 1) (i32.const 96))
    (if (i32.load8_u (i32.const 96)) (then (return (i32.const 96)))) ${COMMIT}
    (i32.store8 (i32.const 96) (i32.const 0)) (i32.store (i32.const 100) (i32.const 16)) (i32.store (i32.const 104) (i32.const 1)) (i32.const 96)`,
  read: `(call $create (i32.const 64)) (if (i32.load8_u (i32.const 64)) (then (return (i32.const 64))))
    (call $read (i32.const 16) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 96))
    (if (i32.load8_u (i32.const 96)) (then (return (i32.const 96))))
    (if (i32.eqz (i32.load8_u (i32.const 100))) (then (return (i32.const 0))))
    (i32.store (i32.const 4) (i32.load (i32.const 104))) (i32.store (i32.const 8) (i32.load (i32.const 108))) (i32.const 0)`,
  election: `(call $create (i32.const 64)) (if (i32.load8_u (i32.const 64)) (then (return (i32.const 64))))
    (call $election (i32.const 16) (i32.const 1) (local.get 0) (local.get 1) (i32.const 96)) (i32.const 96)`,
};

const TRANSACTION = `interface transaction {
      create-hasura-transaction: func() -> result<_, string>;
      execute-hasura-query: func(sql: string, params: list<string>) -> result<string, string>;
      commit-hasura-transaction: func() -> result<_, string>;
    }`;
const CALLS = `
      ${imported('transaction', 'create-hasura-transaction', 'create', 1)}
      ${imported('transaction', 'execute-hasura-query', 'execute', 5)}
      ${imported('transaction', 'commit-hasura-transaction', 'commit', 1)}`;

const exported = (name: (typeof EXPORTS)[number]): string =>
  `(func (export "${name}") (param i32 i32) (result i32) ${BODIES[name]})`;

/** A plugin whose task runs a statement in a transaction, and then goes on without an end; its export `run` commits. */
export function sqlTaskPlugin(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return windmillPlugin({
    name,
    tasks: ['spin'],
    wit: `import ${PACKAGE}/transaction;
      ${['run', 'spin'].map((one) => `export ${one}: func(text: string) -> result<string, string>;`).join(' ')}`,
    packages: `package ${PACKAGE} { ${TRANSACTION} }`,
    imports: CALLS,
    functions: `${exported('run')} ${exported('spin')}`,
  });
}

export function sqlPlugin(): Promise<Uint8Array<ArrayBuffer>> {
  const functions = EXPORTS.map(exported).join('\n');
  return component(
    `package ${PACKAGE};
    ${TRANSACTION}
    interface postgres-queries { get-election-event-by-id: func(tenant-id: string, election-event-id: string) -> result<string, string>; }
    interface vault {
      save-secret: func(tenant-id: string, election-event-id: option<string>, key: string, value: string) -> result<_, string>;
      read-secret: func(tenant-id: string, election-event-id: option<string>, key: string) -> result<option<string>, string>;
    }
    world plugin {
      import transaction; import postgres-queries; import vault;
      ${EXPORTS.map((name) => `export ${name}: func(text: string) -> result<string, string>;`).join(' ')}
    }`,
    `(module ${CALLS}
      ${imported('postgres-queries', 'get-election-event-by-id', 'election', 5)}
      ${imported('vault', 'save-secret', 'save', 10)}
      ${imported('vault', 'read-secret', 'read', 8)}
      ${MEMORY}
      (data (i32.const 16) "t")
      ${functions})`,
  );
}
