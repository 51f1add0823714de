// Reads scripts in a worker, one after the other.

import { messageOf } from '../../errors.ts';
import { findImports } from './imports.ts';
import { locationEdits } from './rewrite-location.ts';
import type { ParseAnswer, ParseRequest } from './script-parser-protocol.ts';

addEventListener('message', ({ data }: MessageEvent<ParseRequest>) => postMessage(answerTo(data)));

function answerTo(request: ParseRequest): ParseAnswer {
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
