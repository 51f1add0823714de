/** Where paths of the virtual file system begin. */
export const ROOTS = ['ws0://', 'app://', 'home://', 'config://'] as const;
