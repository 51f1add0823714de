// What an app offers to plugins of Windmill, as capabilities: a plugin asks for one by importing of it.

import { type Capability, defineCapability } from '../../capabilities/capability.ts';
import { sentence } from '../../capabilities/sentences.ts';
import type { DocumentService } from '../../capabilities/services.ts';
import { storageName } from '../../database/storage-name.ts';
import { ClocheError } from '../../errors.ts';
import { databasesBy, type PageDatabases, type ServerDatabases } from '../../sql/databases.ts';
import { givenOptions } from '../../util/given-options.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { TokenOptions } from './authorization/token-options.ts';
import { tokenVerifier } from './authorization/token-verifier.ts';
import { asGiven, type VerifyClaims } from './authorization/verify.ts';
import { ALL_DATABASES, DATABASE, databaseScope } from './databases.ts';
import { databasesData } from './databases-data.ts';
import { authorization } from './imports/authorization.ts';
import { postgresQueries } from './imports/postgres-queries.ts';
import { transaction } from './imports/transaction.ts';
import { vault } from './imports/vault.ts';

/** How `authorize` finds out whose claims a plugin hands over, by `verify` or by `token`. */
export interface AuthorizationOptions {
  /** @default they must be those that the app has given for the call: as `claims` of `host.fetch`, or of a call's `context` */
  verify?: VerifyClaims;
  /** They must be signed, and the token not have expired. It comes with the claims of the call, or is what the plugin hands over. */
  token?: TokenOptions;
  /** The tenant whose users may do what they may do for every tenant. @default none */
  superAdminTenantId?: string;
}

export interface WindmillOptions {
  authorization?: AuthorizationOptions;
  /** What `documents` works on. @default nothing: templates, hashes and downloads */
  documents?: DocumentService;
  /**
   * PostgreSQL for plugins that were granted it, one database of each name for each plugin. In this page, by a program that
   * is loaded with the first transaction (`onProgress` tells how large it is), or on a server by a relay.
   * @default none: their functions answer that there is none @example { placement: 'durable' }
   */
  databases?: PageDatabases | ServerDatabases;
}

/** @throws {ClocheError} OPTION_INVALID */
export function windmillCapabilities(given: WindmillOptions = {}): Capability[] {
  const options = givenOptions<WindmillOptions>('`windmillCapabilities()`', given, {
    authorization: true,
    documents: true,
    databases: true,
  });
  const documents = checkedDocuments(options.documents);
  const databases = options.databases && databasesBy(options.databases);
  return [
    defineCapability({
      name: 'authorization',
      summary: sentence('authorization', 'Ask what the user may do on whose behalf it is called.'),
      risk: 'low',
      functions: authorizationBy(options.authorization),
    }),
    defineCapability({
      name: DATABASE,
      risk: 'high',
      scope: databaseScope,
      ...(databases
        ? {
            wipe: (installation) => databases.wipe(installation),
            usage: (installation) => databases.size(installation),
            services: {
              databasesView: async () =>
                (await loadChunk(() => import('../../capabilities/databases-view.ts'))).databasesView(
                  databases,
                  ALL_DATABASES,
                  (grant, database) => databaseScope.decide(grant, { database }).allowed,
                ),
              ...(databases.quotaBytes === undefined
                ? { databasesElsewhere: (installation: string) => databases.size(installation) }
                : { databasesData: databasesData(databases, databases.quotaBytes, ALL_DATABASES) }),
            },
          }
        : { needsServer: sentence('noDatabases', 'This site has no database for plugins of this kind.') }),
      functions: { ...transaction(databases), ...postgresQueries(databases) },
    }),
    defineCapability({
      name: 'vault',
      summary: sentence('vault', 'Read and store secrets of this site.'),
      risk: 'high',
      ...(!databases && { needsServer: sentence('noVault', 'This site has no vault for plugins of this kind.') }),
      functions: vault(databases && { databases, storage: storageName(options.databases?.storage) }),
    }),
    defineCapability({
      name: 'documents',
      summary: sentence('documents', 'Read documents of this site, store new ones, and fill templates.'),
      risk: 'medium',
      functions: {},
      services: { documents },
    }),
    defineCapability({
      name: 'extra-services',
      summary: sentence('services', 'Run programs on the server of this site, and send files to other servers.'),
      risk: 'high',
      functions: {},
    }),
  ];
}

function authorizationBy(given: AuthorizationOptions | undefined): ReturnType<typeof authorization> {
  const { verify, token, superAdminTenantId } = givenOptions<AuthorizationOptions>('`authorization`', given, {
    verify: true,
    token: true,
    superAdminTenantId: true,
  });
  if (verify !== undefined && (typeof verify !== 'function' || token !== undefined)) {
    throw invalid('Expected `authorization` to have a function `verify`, or `token`');
  }
  if (superAdminTenantId !== undefined && (typeof superAdminTenantId !== 'string' || superAdminTenantId === '')) {
    throw invalid('Expected `authorization.superAdminTenantId` to be the id of a tenant');
  }
  return authorization(verify ?? (token === undefined ? asGiven : tokenVerifier(token)), superAdminTenantId);
}

function checkedDocuments(given: DocumentService | undefined): DocumentService {
  const options = givenOptions<DocumentService>('`documents`', given ?? {}, {
    load: true,
    upload: true,
    tallyResults: true,
    keyType: true,
    publicFiles: true,
  });
  for (const name of ['load', 'upload', 'tallyResults', 'keyType'] as const) {
    const value = options[name];
    if (value !== undefined && typeof value !== 'function')
      throw invalid(`Expected \`documents.${name}\` to be a function`);
  }
  const { publicFiles } = options;
  if (publicFiles !== undefined && !(typeof publicFiles === 'string' && URL.canParse(publicFiles))) {
    throw invalid('Expected `documents.publicFiles` to be a URL');
  }
  return options;
}

function invalid(message: string): ClocheError {
  return new ClocheError('OPTION_INVALID', message);
}
