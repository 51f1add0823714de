// Reads scripts in a worker, one after the other.

import { messageOf } from '../../errors.ts';
import { locationEdits } from './rewrite-location.ts';
import type { ReadAnswer, ReadRequest } from './script-parser.ts';

addEventListener('message', ({ data }: MessageEvent<ReadRequest>) => postMessage(answerTo(data)));

function answerTo({ source, kind, mostEdits }: ReadRequest): ReadAnswer {
  try {
    const edits = locationEdits(source, kind);
    if (edits.length <= mostEdits) return { edits };
    return { problem: `it reads \`location\` in more than ${mostEdits} places` };
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}
