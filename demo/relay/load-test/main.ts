// `npm run bench:relay`: the load test with its figures.
//   npm run bench:relay -- --concurrency 200 --seconds 30 --signal SIGTERM     these are the defaults
//   npm run bench:relay -- --kind requests                                     only one of mails, comments and requests
import { parseArgs } from 'node:util';
import { KINDS, runLoad } from './load.ts';

/** Prints the figures, and fails when something was lost or doubled. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      concurrency: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '30' },
      signal: { type: 'string', default: 'SIGTERM' },
      kind: { type: 'string' },
    },
  });
  if (values.signal !== 'SIGTERM' && values.signal !== 'SIGKILL') throw new Error('Expected SIGTERM or SIGKILL');
  const kinds = values.kind === undefined ? KINDS : KINDS.filter((kind) => kind === values.kind);
  if (kinds.length === 0) throw new Error(`Expected --kind to be one of ${KINDS.join(', ')}`);
  const figures = await runLoad({
    concurrency: Number(values.concurrency),
    seconds: Number(values.seconds),
    signal: values.signal,
    kinds,
  });
  console.log(JSON.stringify(figures, null, 2));
  const { mails, comments, requests } = figures;
  // A request that changes nothing may be sent again after a crash.
  const counted = values.signal === 'SIGKILL' ? [mails, comments] : [mails, comments, requests];
  const isWrong = counted.some(({ lost, doubled }) => lost + doubled > 0) || requests.foreign > 0;
  if (isWrong) throw new Error('Something was lost or doubled, or a client got the answer of another');
}
