// The SQL databases of a plugin, an element of its own: importing this defines it.

export { defineMessages } from '../words/catalogue.ts';
export { ClocheDatabases } from './databases.ts';
export type {
  PluginWithDatabases,
  ReadableDatabases,
  ShownDatabase,
  ShownDatabases,
  ShownRows,
  ShownTable,
  ShownTables,
} from './host-like.ts';
