// All of them, in one chunk.

export { autoReload } from './auto-reload.ts';
export { builtInCatalog } from './built-in.ts';
export { listAll } from './catalog.ts';
export { folderCatalog } from './folder.ts';
export { httpCatalog } from './http-index.ts';
export { installFrom } from './install-from.ts';
export { s3Catalog } from './s3.ts';
export { startSource } from './source.ts';
export { urlCatalog } from './url.ts';
export { userCatalog } from './user.ts';
