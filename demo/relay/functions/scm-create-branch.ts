// `scm_create_branch`: a branch on a git repository of the operator's list.

import * as v from 'valibot';
import { isBranchName } from '../branch-name.ts';
import { allows, type RepositoryConfig } from '../config.ts';
import { Problem } from '../problem.ts';
import type { Result } from '../protocol.ts';
import { Turns } from '../turns.ts';
import { answer, decode, defineFunction, failed, integer, type RelayFunction, text } from './relay-function.ts';

export interface Git {
  /**
   * Creates a branch that does not exist, at the tip of one that does.
   * @param base Without it, the repository's default branch, else `main`.
   * @throws {GitFailure} when git says no; anything else when nobody knows whether it did.
   */
  createBranch(repository: RepositoryConfig, branch: string, base: string | undefined): Promise<void>;
}

/** What a plugin may hear of git: no paths, no URLs. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
}

const Request = v.object({ workspace_repository_id: integer, branch_name: text, base_branch: text });

/** Each is a few processes, and one fetch of a commit where the repository is elsewhere. */
const AT_ONCE = 4;

const SITES = { github: 'https://github.com', gitea: 'https://gitea.com' } as const;

export function scmCreateBranch(git: Git, repositories: Readonly<Record<string, RepositoryConfig>>): RelayFunction {
  const turns = new Turns(AT_ONCE);
  return defineFunction({
    name: 'scm_create_branch',
    capability: 'scm',
    prepare(args, grant) {
      const request = decode(Request, args);
      if (!request) return answer(failed('invalid request payload'));
      const { workspace_repository_id: id, branch_name: branch, base_branch: base } = request;
      if (id <= 0) return answer(failed('workspace_repository_id is required'));
      if (branch === '') return answer(failed('branch_name is required'));
      if (!allows(grant.repositories, id)) throw new Problem('forbidden', `This plugin may not use repository ${id}`);
      const repository = Object.hasOwn(repositories, id) ? repositories[id] : undefined;
      if (!repository) return answer(failed(`workspace repository not found: ${id}`));
      const wrong = [branch, base].find((name) => name !== '' && !isBranchName(name));
      if (wrong !== undefined) return answer(refused(`${JSON.stringify(wrong.slice(0, 300))} is not a branch name`));
      return { kind: 'effect', turns, run: () => create(git, repository, branch, base) };
    },
  });
}

async function create(git: Git, repository: RepositoryConfig, branch: string, base: string): Promise<Result> {
  try {
    await git.createBranch(repository, branch, base === '' ? undefined : base);
  } catch (error) {
    if (error instanceof GitFailure) return refused(error.message);
    throw error;
  }
  const site = repository.webUrl ?? SITES[repository.provider];
  return { status: 'ok', branch_url: `${site}/${repository.name}/tree/${inUrl(branch)}` };
}

function refused(cause: string): Result {
  return failed(`failed to create branch: ${cause}`);
}

/** Git allows `#` and `%` in names; slashes stay. */
function inUrl(branch: string): string {
  return encodeURI(branch).replaceAll('#', '%23');
}
