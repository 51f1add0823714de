// The licence in a package: the app's verifier takes it or not. Only a plugin with one that it has taken switches features on.

import { ClocheError, messageOf } from '../../errors.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import type { VerifyLicense } from '../../options.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import type { HostContext } from '../host-context.ts';

const MOST_BYTES = 65_536;

/**
 * The manifest with its features where its licence was accepted, else without.
 * @throws {ClocheError} PACKAGE_REJECTED for a licence that is not
 */
export async function licensed(
  manifest: PluginManifest,
  license: Uint8Array | undefined,
  { verifyLicense, say }: Pick<HostContext, 'verifyLicense' | 'say'>,
): Promise<PluginManifest> {
  const { features: _, ...withoutFeatures } = manifest;
  if (!license) return withoutFeatures;
  if (verifyLicense) {
    await verify(manifest, license, verifyLicense);
    return manifest;
  }
  say(
    manifest.id,
    'warn',
    'It has a licence, and this app has no `verifyLicense`: none of its features is switched on',
  );
  return withoutFeatures;
}

async function verify({ id, name, version }: PluginManifest, license: Uint8Array, ask: VerifyLicense): Promise<void> {
  if (license.length > MOST_BYTES) throw rejected(id, `it has more than ${MOST_BYTES} bytes`);
  let verdict: unknown;
  try {
    verdict = await ask(new TextDecoder().decode(license).trim(), { id, name, version });
  } catch (cause) {
    throw rejected(id, messageOf(cause), cause);
  }
  if (verdict !== true) throw rejected(id, typeof verdict === 'string' ? verdict : 'it was not accepted');
}

function rejected(plugin: string, why: string, cause?: unknown): ClocheError {
  const message = `The package of plugin "${plugin}" is refused: license rejected: ${visibleText(why, 2_000)}`;
  return new ClocheError('PACKAGE_REJECTED', message, { plugin, cause });
}
