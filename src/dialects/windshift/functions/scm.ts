// The functions of capability `scm`: branches, and links from items to branches, pull requests and commits (WS23).
//
//   scm_create_branch { workspace_repository_id, branch_name, base_branch? } -> { status, branch_url?, error? }
//   scm_create_item_link { item_id, workspace_repository_id, link_type, external_id, external_url?, title? }
//     -> { status, link_id?, error? }

import { goInt, goString, goStruct } from '../go/json.ts';
import { isBlank, isId, relayedFunction } from './relayed-function.ts';

const MOST_URL_LENGTH = 4_096;

const common = {
  malformed: () => 'invalid request payload',
  unserved: 'SCM service not configured',
  fail: (error: string) => ({ status: 'error', error }),
};

export const createBranch = relayedFunction({
  ...common,
  request: goStruct('plugins.SCMCreateBranchRequest', {
    workspace_repository_id: goInt,
    branch_name: goString,
    base_branch: goString,
  }),
  answer: goStruct('plugins.SCMCreateBranchResponse', { status: goString, branch_url: goString, error: goString }),
  refuse({ workspace_repository_id, branch_name }) {
    if (workspace_repository_id <= 0) return 'workspace_repository_id is required';
    return isBlank(branch_name) ? 'branch_name is required' : undefined;
  },
  accept: ({ branch_url }) => (isWebAddress(branch_url) ? { status: 'ok', branch_url } : undefined),
});

export const createItemLink = relayedFunction({
  ...common,
  request: goStruct('plugins.SCMCreateItemLinkRequest', {
    item_id: goInt,
    workspace_repository_id: goInt,
    link_type: goString,
    external_id: goString,
    external_url: goString,
    title: goString,
  }),
  answer: goStruct('plugins.SCMCreateItemLinkResponse', { status: goString, link_id: goInt, error: goString }),
  refuse({ item_id, workspace_repository_id, link_type, external_id }) {
    if (item_id <= 0) return 'item_id is required';
    if (workspace_repository_id <= 0) return 'workspace_repository_id is required';
    if (isBlank(link_type)) return 'link_type is required';
    return isBlank(external_id) ? 'external_id is required' : undefined;
  },
  accept: ({ link_id }) => (isId(link_id) ? { status: 'ok', link_id } : undefined),
});

/** Somebody will click on it. */
function isWebAddress(url: string): boolean {
  return url.length <= MOST_URL_LENGTH && /^https?:\/\//.test(url) && URL.canParse(url);
}
