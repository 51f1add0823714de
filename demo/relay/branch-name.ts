// Which names git takes for a branch (`git check-ref-format --branch`), so that nothing else reaches git.

/** Git's own limit is that of a file name with `.lock` behind it. */
const LONGEST_BYTES = 244;

const REFUSED = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/$|^\/|\.$/;

/** Whether git would create a branch of this name. A name that starts with `-` could be taken for an option. */
export function isBranchName(name: string): boolean {
  if (name === '' || name === '@' || name === 'HEAD' || name.startsWith('-') || REFUSED.test(name)) return false;
  if (new TextEncoder().encode(name).byteLength > LONGEST_BYTES || !name.isWellFormed()) return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}
