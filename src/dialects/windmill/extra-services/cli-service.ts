// `plugins-manager:extra-services-manager/cli-service`: programs of a server, and what the app says of the plugin's key files.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import type { DialectFunction, DocumentService } from '../../../capabilities/services.ts';
import { messageOf } from '../../../errors.ts';
import { byApp } from '../documents/documents.ts';
import { type Answer, dialectInterface, unavailableCall } from '../imports/import.ts';
import type { OwnFiles } from '../own-files.ts';
import { eciesPrograms, type Programs } from './programs.ts';

export const CLI_SERVICE = 'plugins-manager:extra-services-manager/cli-service';

interface CliDeps {
  readonly options: DocumentService;
  readonly files: OwnFiles;
  readonly programs: Programs;
}

/** As OpenSSL numbers them. */
const [RSA, EC] = [6, 408];

export function cliService({ options, files, programs }: CliDeps): DialectFunction[] {
  return dialectInterface('extra-services', CLI_SERVICE, {
    ...eciesPrograms(programs),
    'run-shell-command-derive-public-key-from-p12': ([jar, p12, password], context) =>
      programs.output(['java', '-jar', jar, 'public-key', p12, password], context),
    'run-shell-command-get-p12-cert': ([p12, password, cert], context) =>
      programs.output(
        ['openssl', 'pkcs12', '-in', p12, '-passin', `pass:${password}`, '-nokeys', '-out', cert],
        context,
      ),
    'run-shell-command-get-p12-fingerprint': ([cert], context) =>
      programs.output(['openssl', 'x509', '-in', cert, '-noout', '-fingerprint', '-sha256'], context),
    'run-shell-command-check-certificate-cas': ([root, intermediate, cert], context) =>
      programs.output(['openssl', 'verify', '-CAfile', root, '-untrusted', intermediate, cert], context),
    'run-shell-command-rsa-sign-data': ([jar, p12, data, password], context) =>
      programs.output(['java', '-jar', jar, 'sign-rsa', p12, data, password], context),
    'run-shell-command-ecdsa-sign-data': ([jar, p12, data, password], context) =>
      programs.output(['java', '-jar', jar, 'sign-ec', p12, data, password], context),
    'get-pk12-id': (args, context) => keyTypeOf('get-pk12-id', { options, files }, args, context),
    async 'create-server-signature'([jar, p12, data, password], context) {
      const type = await keyTypeOf('create-server-signature', { options, files }, [p12, password], context);
      if ('err' in type) return type;
      const sign = new Map([
        [RSA, 'sign-rsa'],
        [EC, 'sign-ec'],
      ]).get(type.ok);
      if (sign === undefined) return { err: `Unexpected p12 key ${type.ok}` };
      return programs.output(['java', '-jar', jar, sign, p12, data, password], context);
    },
  });
}

/** No program says it, so the app has to. */
async function keyTypeOf(
  name: string,
  { options: { keyType }, files }: Pick<CliDeps, 'options' | 'files'>,
  [path, password]: readonly unknown[],
  context: HostCallContext,
): Promise<Answer<number>> {
  if (!keyType) return unavailableCall(CLI_SERVICE, name)([], context) as Answer<number>;
  let content: Uint8Array;
  try {
    content = await files.read(path as string, context);
  } catch (thrown) {
    return { err: `Failed to open .p12 file: ${messageOf(thrown)}` };
  }
  try {
    const { plugin, signal } = context;
    const file = new Blob([new Uint8Array(content)]);
    const type = await byApp(context, () => keyType(file, password as string, { plugin, signal }));
    if (!Number.isInteger(type) || type !== (type | 0)) throw new Error('The host gave what is no kind of key');
    return { ok: type };
  } catch (thrown) {
    return { err: `Failed to parse .p12 file: ${messageOf(thrown)}` };
  }
}
