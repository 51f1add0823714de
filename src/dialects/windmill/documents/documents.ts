// `plugins-manager:documents-manager/documents`: documents, templates, and files for both.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import { unpackHttpAnswer } from '../../../capabilities/http/answer.ts';
import type { DialectFunction, DocumentContext, DocumentService, HttpService } from '../../../capabilities/services.ts';
import { messageOf } from '../../../errors.ts';
import { isPlainObject } from '../../../util/given-options.ts';
import { loadChunk } from '../../../util/load-chunk.ts';
import { eciesPrograms, type Programs } from '../extra-services/programs.ts';
import { type Answer, dialectInterface, type ImportedCall } from '../imports/import.ts';
import type { OwnFiles } from '../own-files.ts';
import { parseJson } from '../parse-json.ts';

interface DocumentDeps {
  readonly options: DocumentService;
  readonly files: OwnFiles;
  readonly http: HttpService | undefined;
  readonly programs: Programs;
}

export const DOCUMENTS = 'plugins-manager:documents-manager/documents';

/** Of a document that is fetched. */
const MOST_BYTES = 64 << 20;

export function documents({ options, files, http, programs }: DocumentDeps): DialectFunction[] {
  return dialectInterface('documents', DOCUMENTS, {
    'create-document-as-temp-file': ([tenantId, document], context) =>
      createTempFile(options, files, [tenantId as string, document as string], context),

    'get-tally-results': ([folder], context) =>
      told('Error in get results from velvet state', async () => {
        const { tallyResults } = options;
        const { plugin, signal } = context;
        if (!tallyResults) return unoffered('get-tally-results');
        const results = await byApp(context, () => tallyResults(folder as string, { plugin, signal }));
        return serialized(results, 'Failed to serialize results event');
      }),

    'get-s3-public-asset-file-path': ([name]) =>
      told('Error getting S3 public asset file path', async () => {
        const { publicFiles } = options;
        if (publicFiles === undefined) return unoffered('get-s3-public-asset-file-path');
        const path = (name as string).split('/');
        if (path.some((part) => part === '..' || part === '.')) throw new Error('The name leads elsewhere');
        return { ok: `${publicFiles.replace(/\/+$/, '')}/${path.map(encodeURIComponent).join('/')}` };
      }),

    'download-s3-file-to-string': ([url], context) =>
      told('Error downloading S3 file', async () => {
        const own = context.under?.('http');
        if (!http || !own) throw new Error('The plugin was not granted the capability `http`');
        const timeoutMs = Math.min(context.limits.httpTimeoutMs, context.remainingMs);
        const packed = await http.send({ url }, new Uint8Array(), own, { timeoutMs, withHeaders: false });
        const { status, body } = unpackHttpAnswer(packed);
        if (status < 200 || status > 299) throw new Error(`The server answered with ${status}`);
        return { ok: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
      }),

    async 'render-template-text'([template, variables], { log }) {
      const parsed = parseJson(variables as string);
      if ('error' in parsed) return { err: `Error parsing variables map: ${parsed.error}` };
      const values = parsed.value;
      if (!isPlainObject(values)) return { err: 'Error parsing variables map: expected an object' };
      const { renderTemplate } = await loadChunk(() => import('../templates/render.ts'));
      return told('Error rendering template text', async () => ({
        ok: renderTemplate(template as string, values, (text) => log('info', text, 'plugin')),
      }));
    },

    'hash-sha256': ([bytes]) =>
      told('Error hashing bytes', async () => {
        const hash = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes as number[]));
        return { ok: [...new Uint8Array(hash)] };
      }),

    'upload-and-return-document': (args, context) => uploadFile(options, files, args, context),

    ...eciesPrograms(programs),
  } satisfies Record<string, ImportedCall>);
}

async function createTempFile(
  { load }: DocumentService,
  files: OwnFiles,
  [tenantId, document]: readonly [string, string],
  context: HostCallContext,
): Promise<Answer<string>> {
  const parsed = parseJson(document);
  if ('error' in parsed) return { err: `Failed to parse document JSON: ${parsed.error}` };
  const row = parsed.value;
  if (!isPlainObject(row)) return { err: 'Failed to parse document JSON: expected an object' };
  return told('Failed to get document as temp file', async () => {
    if (!load) return unoffered('create-document-as-temp-file');
    const content = await byApp(context, () => load(row, contextOf(tenantId, context)));
    if (!(content instanceof Blob)) throw new Error('The host has no such document');
    if (content.size > MOST_BYTES) throw new Error(`The document is larger than ${MOST_BYTES} bytes`);
    const name = `document-${crypto.randomUUID()}`;
    await files.write(name, new Uint8Array(await content.arrayBuffer()), context);
    return { ok: name };
  });
}

function uploadFile(
  options: DocumentService,
  files: OwnFiles,
  [size, mediaType, tenantId, electionEventId, name, documentId, isPublic]: readonly unknown[],
  context: HostCallContext,
): Promise<Answer<string>> {
  return told('Failed to upload and return document', async () => {
    const { upload } = options;
    if (!upload) return unoffered('upload-and-return-document');
    const content = await files.read(name as string, context);
    if (String(content.length) !== String(size)) {
      throw new Error(`The file has ${content.length} bytes, and not ${String(size)}`);
    }
    const document = {
      file: new File([new Uint8Array(content)], name as string, { type: mediaType as string }),
      electionEventId: (electionEventId as string | null) ?? undefined,
      documentId: (documentId as string | null) ?? undefined,
      isPublic: isPublic as boolean,
    };
    const row = await byApp(context, () => upload(document, contextOf(tenantId as string, context)));
    return serialized(row, 'Failed to serialize document');
  });
}

/** What the app throws may tell of its inside: that is for the log. */
export async function byApp<T>({ log }: HostCallContext, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    log('error', `A callback of the option \`documents\` failed: ${messageOf(thrown)}`);
    throw new Error('The host could not do it');
  }
}

function contextOf(tenantId: string, { plugin, signal }: HostCallContext): DocumentContext {
  return { plugin, signal, tenantId };
}

function serialized(value: unknown, failed: string): Answer<string> {
  try {
    const text: string | undefined = JSON.stringify(value);
    return text === undefined ? { err: `${failed}: there is nothing` } : { ok: text };
  } catch (thrown) {
    return { err: `${failed}: ${messageOf(thrown)}` };
  }
}

/** What it throws, in the words of the contract. */
async function told<T>(failed: string, run: () => Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await run();
  } catch (thrown) {
    return { err: `${failed}: ${messageOf(thrown)}` };
  }
}

function unoffered(name: string): { readonly err: string } {
  return { err: `\`${DOCUMENTS}/${name}\` is not offered by this host` };
}
