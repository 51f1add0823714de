// Checks values by schemas that nobody vetted, in a worker that is ended when it takes too long.

import { messageOf } from '../errors.ts';
import type { CheckAnswer, CheckRequest } from './check-protocol.ts';
import { problemsOf } from './schema-problems.ts';

addEventListener('message', ({ data }: MessageEvent<CheckRequest>) => postMessage(answerTo(data)));

function answerTo({ schema, value }: CheckRequest): CheckAnswer {
  try {
    return { problems: problemsOf(schema, value) };
  } catch (thrown) {
    return { unusable: messageOf(thrown) };
  }
}
