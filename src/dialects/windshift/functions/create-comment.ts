// The function of capability `comments` (WS22).
//
//   create_comment { item_id, author_id, content, suppress_notifications? } -> { status, comment_id?, error? }

import { goBool, goInt, goString, goStruct } from '../go/json.ts';
import { isBlank, isId, relayedFunction } from './relayed-function.ts';

export const createComment = relayedFunction({
  request: goStruct('plugins.CreateCommentRequest', {
    item_id: goInt,
    author_id: goInt,
    content: goString,
    suppress_notifications: goBool,
  }),
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
