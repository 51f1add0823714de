// Reads the notes of data whose plugins are gone.

import { ClocheError, messageOf } from '../../errors.ts';
import { Fields } from '../../manifest/fields.ts';
import { ID_RULE, isPluginId } from '../../manifest/plugin-id.ts';
import { leftSignature } from '../../trust/package-signature.ts';
import { copyData } from '../../util/json/untrusted-json.ts';
import { isInstallationOf } from '../installation-id.ts';
import type { OrphanRecord } from './orphan-of.ts';

const KEYS = ['schema', 'id', 'installation', 'signature', 'name', 'since', 'wiping'];
const ANY_TEXT = { max: 1 << 20, lines: true };

/** @throws {ClocheError} STORAGE_FAILED with the path of the field that cannot be read */
export function decodeOrphan(stored: unknown): OrphanRecord {
  try {
    return read(new Fields(copyData(stored), [], KEYS));
  } catch (cause) {
    throw new ClocheError('STORAGE_FAILED', `The note of left data cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function read(fields: Fields): OrphanRecord {
  if (fields.raw('schema') !== 1) throw fields.wrong('schema', '1');
  const id = fields.raw('id');
  if (!isPluginId(id)) throw fields.wrong('id', ID_RULE);
  const installation = fields.raw('installation');
  if (!isInstallationOf(id, installation)) throw fields.wrong('installation', 'an installation of this plugin');
  return {
    schema: 1,
    id,
    installation,
    signature: leftSignature(fields.raw('signature')),
    name: fields.required('name', fields.text('name', ANY_TEXT)),
    since: fields.required('since', fields.wholeNumber('since', 0)),
    wiping: fields.required('wiping', fields.boolean('wiping')),
  };
}
