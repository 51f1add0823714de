// `scm_create_item_link`: links an item to a branch, pull request or commit, in libSQL. A link that exists is not made again.

import * as v from 'valibot';
import { allows } from '../config.ts';
import { Problem } from '../problem.ts';
import { answer, decode, defineFunction, failed, integer, type RelayFunction, text } from './relay-function.ts';

const Request = v.object({
  item_id: integer,
  workspace_repository_id: integer,
  link_type: text,
  external_id: text,
  external_url: text,
  title: text,
});

const LINK_TYPES = ['branch', 'pull_request', 'commit'];

const INSERTION = `INSERT INTO item_scm_links
    (item_id, workspace_repository_id, link_type, external_id, external_url, title, plugin, created_at)
  SELECT :item, :repository, :type, :external, :url, :title, :plugin, :now
  WHERE :known = 1 AND EXISTS (SELECT 1 FROM items WHERE id = :item)
  ON CONFLICT (item_id, workspace_repository_id, link_type, external_id) DO NOTHING`;

const RESULT = `CASE
  WHEN NOT EXISTS (SELECT 1 FROM items WHERE id = :item)
    THEN json_object('status', 'error', 'error', 'item not found: ' || CAST(:item AS INTEGER))
  WHEN :known = 0
    THEN json_object('status', 'error', 'error', 'workspace repository not found: ' || CAST(:repository AS INTEGER))
  ELSE (SELECT json_object('status', 'ok', 'link_id', id) FROM item_scm_links
    WHERE item_id = :item AND workspace_repository_id = :repository AND link_type = :type AND external_id = :external)
  END`;

/** @param knows Whether there is a repository of that id. */
export function scmCreateItemLink(knows: (repository: number) => boolean): RelayFunction {
  return defineFunction({
    name: 'scm_create_item_link',
    capability: 'scm',
    prepare(args, grant, call) {
      const request = decode(Request, args);
      if (!request) return answer(failed('invalid request payload'));
      const { item_id: item, workspace_repository_id: repository, link_type: type, external_id: external } = request;
      if (item <= 0) return answer(failed('item_id is required'));
      if (repository <= 0) return answer(failed('workspace_repository_id is required'));
      if (type === '') return answer(failed('link_type is required'));
      if (external === '') return answer(failed('external_id is required'));
      if (!allows(grant.repositories, repository)) {
        throw new Problem('forbidden', `This plugin may not use repository ${repository}`);
      }
      if (!LINK_TYPES.includes(type)) return answer(failed(`invalid link type: ${type}`));
      if (!isWebAddress(request.external_url)) {
        return answer(failed('failed to create item SCM link: external_url is not an http or https URL'));
      }
      const link = { item, repository, type, external, known: knows(repository) ? 1 : 0 };
      const row = { url: request.external_url, title: request.title, plugin: call.plugin.id, now: Date.now() };
      return {
        kind: 'transaction',
        statements: [{ sql: INSERTION, args: { ...link, ...row } }],
        result: { sql: RESULT, args: link },
      };
    },
  });
}

/** Somebody will click on it. Absent is fine. */
function isWebAddress(url: string): boolean {
  return url === '' || (/^https?:\/\//i.test(url) && URL.canParse(url));
}
