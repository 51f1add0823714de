// Reads scripts in a worker, one after the other.

import { messageOf } from '../../errors.ts';
import { findImports } from './imports.ts';
import { locationEdits } from './rewrite-location.ts';
import type { ReadAnswer, ReadRequest } from './script-parser.ts';

addEventListener('message', ({ data }: MessageEvent<ReadRequest>) => postMessage(answerTo(data)));

function answerTo(request: ReadRequest): ReadAnswer {
  try {
    if (request.find === 'imports') return { found: findImports(request.source) };
    const { source, kind, mostEdits } = request;
    const found = locationEdits(source, kind);
    if (found.length <= mostEdits) return { found };
    return { problem: `it reads \`location\` in more than ${mostEdits} places` };
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}
