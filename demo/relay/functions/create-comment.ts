// `create_comment`: a comment in libSQL, written in the transaction that remembers it.

import * as v from 'valibot';
import { allows } from '../config.ts';
import { Problem } from '../problem.ts';
import { tiptapDocument } from '../tiptap.ts';
import {
  answer,
  boolean,
  decode,
  defineFunction,
  failed,
  integer,
  type RelayFunction,
  text,
} from './relay-function.ts';

/** Nobody is told of comments here, so there is nothing to suppress. */
const Request = v.object({ item_id: integer, author_id: integer, content: text, suppress_notifications: boolean });

const INSERTION = `INSERT INTO comments (item_id, author_id, content, plugin, created_at, call_id)
  SELECT :item, :author, :content, :plugin, :now, :call
  WHERE EXISTS (SELECT 1 FROM items WHERE id = :item) AND EXISTS (SELECT 1 FROM authors WHERE id = :author)`;

/** Which of the two is unknown it does not say, as a comment service of Windshift. */
const RESULT = `COALESCE(
  (SELECT json_object('status', 'ok', 'comment_id', id) FROM comments WHERE call_id = :call),
  json_object('status', 'error', 'error', 'failed to create comment'))`;

export function createComment(): RelayFunction {
  return defineFunction({
    name: 'create_comment',
    capability: 'comments',
    prepare(args, grant, call) {
      const request = decode(Request, args);
      if (!request) return answer(failed('invalid request payload'));
      const { item_id: item, author_id: author, content } = request;
      if (item <= 0) return answer(failed('item_id is required'));
      if (author <= 0) return answer(failed('author_id is required'));
      if (/^\p{White_Space}*$/u.test(content)) return answer(failed('content is required'));
      if (!allows(grant.items, item)) throw new Problem('forbidden', `This plugin may not comment on item ${item}`);
      if (!allows(grant.authors, author))
        throw new Problem('forbidden', `This plugin may not write as author ${author}`);
      const row = { item, author, content: tiptapDocument(content), plugin: call.plugin.id, now: Date.now() };
      return {
        kind: 'transaction',
        statements: [{ sql: INSERTION, args: { ...row, call: call.id } }],
        result: { sql: RESULT, args: { call: call.id } },
      };
    },
  });
}
