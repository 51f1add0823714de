// Requests that are to run as tasks: docs/contracts/windmill.md. They are answered with the execution, and not with what comes of it.

import type { ExtensionPlugin, ManagedHost } from '../../extensions/context.ts';
import { ClaimedContext, type Claims } from '../../manifest/claims.ts';
import { payloadOf } from './authorization/verify.ts';
import { claimed } from './claimed-data.ts';

export interface TaskRequest {
  readonly kind: string;
  /** Whether the task gets the id of a document that it is to make. */
  readonly wantsDocument: boolean;
}

interface AskedTask {
  readonly plugin: ExtensionPlugin;
  readonly handler: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly claims: Claims | undefined;
  readonly execution: TaskRequest;
}

const KINDS: ReadonlySet<unknown> = new Set(
  (
    'EXPORT_ELECTION_EVENT EXPORT_TENANT_CONFIG IMPORT_TENANT_CONFIG IMPORT_CANDIDATES IMPORT_USERS CREATE_ELECTION_EVENT ' +
    'IMPORT_ELECTION_EVENT EXPORT_VOTERS CREATE_TRANSMISSION_PACKAGE EXPORT_BALLOT_PUBLICATION EXPORT_ACTIVITY_LOGS_REPORT ' +
    'CREATE_BALLOT_RECEIPT GENERATE_REPORT GENERATE_TEMPLATE GENERATE_TRANSMISSION_REPORT EXPORT_APPLICATION IMPORT_APPLICATION ' +
    'EXPORT_TRUSTEES RENDER_DOCUMENT_PDF DELETE_ELECTION_EVENT PREPARE_PUBLICATION_PREVIEW EXPORT_TALLY_RESULTS_XLSX'
  ).split(' '),
);

const HASURA_CLAIMS = 'https://hasura.io/jwt/claims';

export function isTaskKind(kind: unknown): kind is string {
  return KINDS.has(kind);
}

/** Of this plugin: another may have a task of the same name. */
export function isTask({ contributed }: ExtensionPlugin, handler: string): boolean {
  return contributed.handlers.some((one) => one.use === 'task' && one.handler === handler);
}

/** @throws {ClocheError} see `host.task` */
export async function startTask(host: ManagedHost, asked: AskedTask): Promise<Response> {
  const { plugin, handler, data, claims, execution } = asked;
  const id = crypto.randomUUID();
  const row = rowOf(id, asked);
  const documentId = execution.wantsDocument ? crypto.randomUUID() : null;
  const input = {
    ...claimed(data, claims),
    task_execution: JSON.stringify(row),
    ...(documentId !== null && { document_id: documentId }),
  };
  await host.task(handler, JSON.stringify(input), {
    id,
    plugin: plugin.id,
    ...(claims && { context: new ClaimedContext(claims) }),
  });
  return Response.json({ data: JSON.stringify({ document_id: documentId, task_execution: row }) });
}

/** As the original's table of tasks has it. */
function rowOf(id: string, { data, claims, execution }: AskedTask): Record<string, unknown> {
  const now = new Date().toISOString();
  const payload = claims && (payloadOf(claims) as Readonly<Record<string, unknown>>);
  const hasura = payload?.[HASURA_CLAIMS] as Readonly<Record<string, unknown>> | undefined;
  return {
    id,
    tenant_id: textOr(hasura?.['x-hasura-tenant-id']),
    election_event_id: textOr(data.election_event_id),
    name: execution.kind,
    type: execution.kind,
    execution_status: 'IN_PROGRESS',
    created_at: now,
    start_at: now,
    end_at: null,
    executed_by_user: claims ? (claims.name ?? String(claims.userId)) : null,
  };
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
