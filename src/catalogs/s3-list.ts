// One page of the objects of a bucket, as it answers to ListObjectsV2. Read by its few elements: a worker has no parser for XML,
// and what an entity or a name space could do besides is of no use here.

export interface StoredObject {
  readonly key: string;
  /** Changes with its content. */
  readonly etag: string;
}

export interface ObjectPage {
  readonly found: readonly StoredObject[];
  /** Of the next page; undefined for the last. */
  readonly next: string | undefined;
}

/** Undefined for what is no such list. */
export function readPage(xml: string): ObjectPage | undefined {
  if (!/<ListBucketResult[\s>]/.test(xml)) return undefined;
  const found: StoredObject[] = [];
  for (const [, contents = ''] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
    const [key, etag] = [textIn(contents, 'Key'), textIn(contents, 'ETag')];
    if (key === undefined || etag === undefined) return undefined;
    found.push({ key, etag });
  }
  const isCut = textIn(xml, 'IsTruncated') === 'true';
  const next = isCut ? textIn(xml, 'NextContinuationToken') : undefined;
  return isCut && next === undefined ? undefined : { found, next };
}

function textIn(xml: string, element: string): string | undefined {
  const [, text] = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml) ?? [];
  return text?.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, unescaped);
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(whole: string, decimal?: string, hex?: string, name = ''): string {
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  if (code >= 0 && code <= 0x10ffff) return String.fromCodePoint(code);
  return NAMED[name] ?? whole;
}
