// Capability `comments`: comments on the items of the embedding app, kept by its server.
//
//   create_comment { item_id, author_id, content } -> { status, comment_id?, error? }

import { goInt, goString, goStruct } from '../manifest/go-json.ts';
import type { Capability } from './capability.ts';
import { defineRelayed, isBlank, isId, type RelayedOptions, relayedFunction } from './relayed.ts';

/**
 * Comments by a relay, which decides on which items, and in whose name.
 * @throws {ClocheError} OPTION_INVALID when the relay is not valid
 */
export function comments(options: RelayedOptions = {}): Capability {
  return defineRelayed(
    {
      name: 'comments',
      risk: 'medium',
      summary: 'Write comments, in the name of any user whom the server of this site lets it write for.',
      needsServer: 'Only a server can keep comments, and this site has named none: see the option `relay`.',
      functions: { create_comment: createComment },
    },
    options,
  );
}

const createComment = relayedFunction({
  request: goStruct('plugins.CreateCommentRequest', { item_id: goInt, author_id: goInt, content: goString }),
  answer: goStruct('plugins.CreateCommentResponse', { status: goString, comment_id: goInt, error: goString }),
  malformed: () => 'invalid request payload',
  refuse({ item_id, author_id, content }) {
    if (item_id <= 0) return 'item_id is required';
    if (author_id <= 0) return 'author_id is required';
    return isBlank(content) ? 'content is required' : undefined;
  },
  unserved: 'database not configured',
  accept: ({ comment_id }) => (isId(comment_id) ? { status: 'ok', comment_id } : undefined),
  fail: (error) => ({ status: 'error', error }),
});
