// What a volume consists of.

/** In ns since 1970. */
export interface Times {
  accessed: bigint;
  modified: bigint;
  /** Of the node itself: its times, its names. */
  changed: bigint;
}

interface Common {
  /** Unique in its volume, and never given again. */
  readonly id: number;
  readonly times: Times;
  /** How many names it has. One without is gone once nobody has it open. */
  names: number;
}

export interface FolderEntry {
  readonly node: Node;
  /** Where a listing of the folder that stopped here goes on. */
  readonly place: number;
}

export interface FolderNode extends Common {
  readonly kind: 'folder';
  readonly entries: Map<string, FolderEntry>;
  /** Where it is; undefined of a root, and of one that was removed. */
  parent: { readonly folder: FolderNode; readonly name: string } | undefined;
  nextPlace: number;
}

export interface FileNode extends Common {
  readonly kind: 'file';
  size: number;
  /** At least `size` bytes; undefined while they are only stored. */
  bytes: Uint8Array<ArrayBuffer> | undefined;
}

export interface LinkNode extends Common {
  readonly kind: 'link';
  readonly target: string;
}

export type Node = FolderNode | FileNode | LinkNode;

/** The bytes of a file are needed, and were not read yet: nothing was done, and whoever reads them asks again. */
export class NotLoaded extends Error {
  constructor(
    readonly volume: object,
    readonly file: FileNode,
  ) {
    super('not loaded yet');
  }
}
