// Where a package came from, as people are told later.

import { shownUrl } from '../../package/fetch-bytes.ts';
import { isFolder } from '../../package/folder/folder.ts';
import type { OwnSource } from '../../package/own-source.ts';
import { documentUrl, isManifestText } from '../../package/package-source.ts';
import type { PackageOrigin } from '../../registry/versions.ts';

const MOST_LENGTH = 200;

/** @param catalog whose it is @returns undefined for what the app itself has put together */
export function originOf({ value }: OwnSource, catalog?: string): PackageOrigin | undefined {
  // In full: it is compared.
  if (catalog !== undefined) return { kind: 'catalog', name: catalog };
  if (isFolder(value)) return named('folder', value.name);
  if (value instanceof File) return named('file', value.name);
  const url = value instanceof Response ? value.url : value;
  if (typeof url !== 'string' || isManifestText(url) || !URL.canParse(url, documentUrl())) return undefined;
  const { protocol, href } = new URL(url, documentUrl());
  // Without its query, which may be a key to it.
  return protocol === 'https:' || protocol === 'http:' ? named('url', shownUrl(href)) : undefined;
}

function named(kind: PackageOrigin['kind'], name: string): PackageOrigin | undefined {
  return name === '' ? undefined : { kind, name: name.slice(0, MOST_LENGTH) };
}
