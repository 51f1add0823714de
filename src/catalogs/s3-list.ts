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

/** Of S3. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY = 1_024;

/** Undefined for what is no such list, and for one that is cut: what is missing of it would seem to be gone. */
export function readPage(xml: string): ObjectPage | undefined {
  if (!/<ListBucketResult[\s>]/.test(xml) || !xml.trimEnd().endsWith('</ListBucketResult>')) return undefined;
  const found: StoredObject[] = [];
  for (const contents of elementsIn(xml, 'Contents')) {
    const [key, etag] = [textIn(contents, 'Key'), textIn(contents, 'ETag')];
    if (key === undefined || key.length > LONGEST_KEY || etag === undefined) return undefined;
    found.push({ key, etag });
  }
  const isCut = textIn(xml, 'IsTruncated') === 'true';
  const next = isCut ? textIn(xml, 'NextContinuationToken') : undefined;
  return isCut && next === undefined ? undefined : { found, next };
}

/** Each looks on where the one before ends: a pattern would look through all of the text from each that has no end. */
function* elementsIn(xml: string, element: string): Generator<string> {
  const [begin, end] = [`<${element}>`, `</${element}>`];
  let at = xml.indexOf(begin);
  while (at !== -1) {
    const to = xml.indexOf(end, at);
    if (to === -1) return;
    yield xml.slice(at + begin.length, to);
    at = xml.indexOf(begin, to);
  }
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
