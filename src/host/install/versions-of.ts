// All that may be done with the versions of an installed plugin. Comes late: only a person asks, and what updates.

import { readHistory } from '../../registry/read-versions.ts';
import type { HostContext } from '../host-context.ts';
import type { Plugin } from '../plugin.ts';
import type { PluginVersions } from './plugin-review.ts';
import { reviewPending } from './review.ts';
import { reviewPrevious, rollBack } from './rollback.ts';
import { accept, dismiss } from './updates.ts';

export function versionsOf(context: HostContext, plugin: Plugin): PluginVersions {
  return {
    review: () => reviewPending(context, plugin),
    accept: (sha256) => accept(context, plugin, sha256),
    dismiss: () => dismiss(context, plugin),
    previous: () => reviewPrevious(context, plugin),
    rollBack: (sha256) => rollBack(context, plugin, sha256),
    history: async () => readHistory((await context.registry.versions(plugin.id)).history, plugin),
  };
}
