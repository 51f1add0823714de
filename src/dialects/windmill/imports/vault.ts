// `plugins-manager:transactions-manager/vault`: secrets by tenant and key, in the transaction on the database of `hasura`. A table of that
// has them encrypted, by a key that nobody sees and that no statement can get at.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import { type SecretOwner, seal, unseal } from '../../../secrets/sealed-secrets.ts';
import type { LateDriver } from '../../../sql/databases.ts';
import { causeOf, transactionsOf } from '../databases.ts';
import { type ImportedCall, importedInterface, unavailable } from './import.ts';
import { NO_TRANSACTION } from './transaction.ts';

const NAMESPACE = 'plugins-manager:transactions-manager/vault';

const TABLE = `create table if not exists public.cloche_vault (
  tenant_id text not null, election_event_id text not null, key text not null, sealed text not null,
  primary key (tenant_id, election_event_id, key))`;
const SAVE = `insert into public.cloche_vault values ($1, $2, $3, $4)
  on conflict (tenant_id, election_event_id, key) do update set sealed = excluded.sealed`;
const EXISTS = "select to_regclass('public.cloche_vault') is not null";
const READ = 'select sealed from public.cloche_vault where tenant_id = $1 and election_event_id = $2 and key = $3';

/** More than a sealed secret may have. */
const MOST_LENGTH = 8_192;

export interface VaultOptions {
  readonly databases: LateDriver;
  /** Of the key: first part of its database's name. */
  readonly storage: string;
}

/** @param options undefined where the app offers no databases */
export function vault(options: VaultOptions | undefined) {
  if (!options) return unavailable(NAMESPACE, ['read-secret', 'save-secret']);
  const { databases, storage } = options;
  const read: ImportedCall = async (args, context) => {
    const place = placeOf(args);
    try {
      const { transactions, rules } = await transactionsOf(databases, context);
      const open = transactions.get('hasura');
      if (!open) return { err: NO_TRANSACTION };
      if ((await open.execute(EXISTS, [], rules)).rows[0]?.[0] !== 't') return { ok: null };
      const sealed = (await open.execute(READ, place, rules)).rows[0]?.[0];
      if (typeof sealed !== 'string') return { ok: null };
      return { ok: (await unseal(storage, ownerOf(place, context), sealed)).value };
    } catch (thrown) {
      return { err: `Failed to read secret: ${causeOf(thrown)}` };
    }
  };
  const save: ImportedCall = async (args, context) => {
    const place = placeOf(args);
    const value = args[3] as string;
    try {
      const { transactions, rules } = await transactionsOf(databases, context);
      const open = transactions.get('hasura');
      if (!open) return { err: NO_TRANSACTION };
      if (value.length > MOST_LENGTH)
        return { err: `Failed to save secret: it is longer than ${MOST_LENGTH} characters` };
      const sealed = await seal(storage, ownerOf(place, context), { value, hosts: undefined });
      await open.execute(TABLE, [], rules);
      await open.execute(SAVE, [...place, sealed], rules);
      return { ok: null };
    } catch (thrown) {
      return { err: `Failed to save secret: ${causeOf(thrown)}` };
    }
  };
  return importedInterface(NAMESPACE, { 'read-secret': read, 'save-secret': save });
}

/** An event that is not named is one of its own. */
function placeOf(args: readonly unknown[]): readonly [tenant: string, event: string, key: string] {
  const [tenant, event, key] = args as readonly [string, string | null, string];
  return [tenant, event === null ? '' : `=${event}`, key];
}

/** Sealed for one place of one installation, it cannot be opened as another's. */
function ownerOf(place: readonly string[], { plugin: { id, installation } }: HostCallContext): SecretOwner {
  return { plugin: id, installation, name: JSON.stringify(['vault', ...place]) };
}
