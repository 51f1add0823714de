// Which versions of a plugin an entry of a blocklist means. By the order of https://semver.org/#spec-item-11; a library for ranges
// is many times as large as this, for forms that nobody needs here.
//
//   1.2.3            this version, letter by letter
//   <=1.4  >2.0-rc.1 compared; several, with spaces between, hold together: >=2 <2.3.1

const VERSION =
  /^v?(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;
/** What elsewhere means more than one version would block none here. */
const OTHER_RANGE = /[<>=^~*|\s]|(?:^|\.)[xX](?:\.|$)/;
const COMPARED = /^(<=|>=|<|>)(.+)$/;

interface Version {
  readonly numbers: readonly number[];
  /** Undefined for a release, which comes after all of these. */
  readonly prerelease: readonly string[] | undefined;
}

interface Comparison {
  readonly operator: string;
  readonly version: Version;
}

export interface VersionRange {
  /** Whether it means this version. One that cannot be compared is meant: it is not known to be another. */
  has(version: string): boolean;
}

/** @returns undefined for what is no range */
export function versionRange(text: string): VersionRange | undefined {
  const parts = text.split(' ');
  if (!parts.some((part) => COMPARED.test(part))) {
    return text === '' || OTHER_RANGE.test(text) ? undefined : { has: (version) => version === text };
  }
  const comparisons = parts.map(comparisonIn);
  if (!comparisons.every((one) => one !== undefined)) return undefined;
  return {
    has(version) {
      const read = versionIn(version);
      return !read || comparisons.every((one) => holds(read, one));
    },
  };
}

function comparisonIn(part: string): Comparison | undefined {
  const [, operator = '', text = ''] = COMPARED.exec(part) ?? [];
  const version = versionIn(text);
  return version && { operator, version };
}

function versionIn(text: string): Version | undefined {
  const found = VERSION.exec(text);
  if (!found) return undefined;
  const [, major = '0', minor = '0', patch = '0', prerelease] = found;
  return { numbers: [major, minor, patch].map(Number), prerelease: prerelease?.split('.') };
}

function holds(version: Version, { operator, version: bound }: Comparison): boolean {
  const order = compared(version, bound);
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function compared(a: Version, b: Version): number {
  for (const [i, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (!a.prerelease || !b.prerelease) return Number(a.prerelease === undefined) - Number(b.prerelease === undefined);
  return comparedWords(a.prerelease, b.prerelease);
}

function comparedWords(a: readonly string[], b: readonly string[]): number {
  for (const [i, word] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const order = comparedWord(word, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Numbers come before words, and by their size. */
function comparedWord(a: string, b: string): number {
  const [isNumber, isOther] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber && isOther) return Number(BigInt(a) > BigInt(b)) - Number(BigInt(a) < BigInt(b));
  if (isNumber !== isOther) return isNumber ? -1 : 1;
  return Number(a > b) - Number(a < b);
}
