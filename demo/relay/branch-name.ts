// Which names git takes for a branch (`git check-ref-format --branch`), so that nothing else reaches git, without those that
// do not look like what they are.

/** Git's own limit is that of a file name with `.lock` behind it. */
const LONGEST_BYTES = 244;

const REFUSED = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/$|^\/|\.$/;

/** Controls, marks that turn text around or cannot be seen, and letters for private use. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Of a commit: git takes such a name for that commit wherever it can. */
const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/** Whether git would create a branch of this name, and people would see which. A name that starts with `-` could be taken for an option. */
export function isBranchName(name: string): boolean {
  if (name === '' || name === '@' || name === 'HEAD' || name.startsWith('-') || REFUSED.test(name)) return false;
  if (new TextEncoder().encode(name).byteLength > LONGEST_BYTES || !name.isWellFormed()) return false;
  // Two spellings of one letter would be two branches.
  if (UNSEEN.test(name) || HASH.test(name) || name.normalize('NFC') !== name) return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}
