// Catalogs of plugins. Each comes late: few apps have all of them.

import { loadChunk } from '../util/load-chunk.ts';

export type { BuiltInPlugin } from './built-in.ts';
export type { FoundPlugin, ListedPlugin, PluginCatalog } from './catalog.ts';
export type { HttpCatalogOptions } from './http-index.ts';
export type { S3CatalogOptions } from './s3.ts';
export type { Source, SourceOptions, SourcePlugin, SourceState, SourceTrust } from './source.ts';
export type { UrlCatalogOptions } from './url.ts';
export type { UserCatalog, UserCatalogOptions } from './user.ts';

/**
 * What makes and lists catalogs of plugins: `builtInCatalog`, `userCatalog`, `httpCatalog`, `s3Catalog`, `folderCatalog`, `urlCatalog`,
 * `listAll`, `installFrom` and `autoReload`; and `startSource`, which installs of one what the app trusts.
 * @throws {ClocheError} FETCH_FAILED
 */
export const catalogs = () => loadChunk(() => import('./catalogs.ts'));
