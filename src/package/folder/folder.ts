/**
 * A folder that was chosen, as `showDirectoryPicker()` gives it, or dropped, as `webkitGetAsEntry()` of a `DataTransferItem` does.
 */
export type Folder = FileSystemDirectoryHandle | FileSystemDirectoryEntry;

/** By what it can do: an engine may have no class for either. */
export function isFolder(source: unknown): source is Folder {
  if (typeof source !== 'object' || source === null) return false;
  if ('isDirectory' in source) return source.isDirectory === true && 'createReader' in source;
  return 'kind' in source && source.kind === 'directory' && 'getFileHandle' in source;
}
