// POST /api/plugins/upload: a form with a package, or with a module and its manifest (WS6).

import { ClocheError, type ErrorCode } from '../../../errors.ts';
import type { ManagedHost } from '../../../extensions/context.ts';
import type { PluginSource } from '../../../package/package-source.ts';
import { errorAnswer, successAnswer } from './responses.ts';

/** Faults of what was uploaded: unlike Windshift, the one who uploads hears of them. */
const FAULTS: ReadonlySet<ErrorCode> = new Set([
  'SOURCE_INVALID',
  'PACKAGE_REJECTED',
  'MANIFEST_INVALID',
  'HASH_MISMATCH',
  'MODULE_REJECTED',
  'IMPORT_MISSING',
  'START_FAILED',
  'START_TIMEOUT',
]);

/**
 * Installs it, or updates the plugin of its name: that keeps data, grants, and whether it is on. As in Windshift, data
 * also outlives a deletion.
 * @throws what installing throws, for any other fault
 */
export async function answerUpload(
  host: Pick<ManagedHost, 'install'>,
  request: Request,
  given: FormData | undefined,
): Promise<Response> {
  const source = await readForm(request, given);
  if (typeof source === 'string') return errorAnswer(400, 'INVALID_INPUT', source);
  try {
    await host.install(source, { replace: true, data: 'keep', signal: request.signal });
  } catch (thrown) {
    if (!(thrown instanceof ClocheError && FAULTS.has(thrown.code))) throw thrown;
    return errorAnswer(400, 'INVALID_INPUT', thrown.message);
  }
  return successAnswer('Plugin uploaded successfully');
}

/** What is to be installed, or what is wrong with the form. */
async function readForm(
  request: Request,
  given: FormData | undefined,
): Promise<Exclude<PluginSource, string> | string> {
  let form: FormData;
  try {
    form = given ?? (await request.formData());
  } catch {
    request.signal.throwIfAborted();
    return 'Failed to parse form';
  }
  const file = form.get('plugin');
  if (!(file instanceof File)) return 'Missing plugin file';
  if (file.name.endsWith('.zip')) return file;
  if (!file.name.endsWith('.wasm')) return 'Unsupported file type. Upload .wasm or .zip files';
  const manifest = form.get('manifest');
  if (manifest === null) return 'Missing manifest.json for WASM upload';
  return { wasm: file, manifest: typeof manifest === 'string' ? manifest : await manifest.text() };
}
