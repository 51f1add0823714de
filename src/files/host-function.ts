// The host function by which a worker asks the page for files; what it takes and gives is in `wire.ts`. A file of its own, as every page
// has this and few the rest.

/** Where the worker finds it among the functions of its host. No module can import from there. */
export const FILES_NAMESPACE = 'cloche:files';
export const FILES_FUNCTION = 'operate';
export const FILES_PARAMS = ['i32', 'i64', 'i64', 'i64', 'i64', 'i64', 'i64', 'bytes', 'bytes'] as const;
