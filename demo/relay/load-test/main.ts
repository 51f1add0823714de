// `npm run bench:relay`: the load test with its figures.
//   npm run bench:relay -- --concurrency 200 --seconds 30 --signal SIGTERM     these are the defaults
import { parseArgs } from 'node:util';
import { runLoad } from './load.ts';

/** Prints the figures, and fails when something was lost or doubled. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      concurrency: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '30' },
      signal: { type: 'string', default: 'SIGTERM' },
    },
  });
  if (values.signal !== 'SIGTERM' && values.signal !== 'SIGKILL') throw new Error('Expected SIGTERM or SIGKILL');
  const figures = await runLoad({
    concurrency: Number(values.concurrency),
    seconds: Number(values.seconds),
    signal: values.signal,
  });
  console.log(JSON.stringify(figures, null, 2));
  const wrong = [figures.mails, figures.comments].some(({ lost, doubled }) => lost + doubled > 0);
  if (wrong) throw new Error('Mails or comments were lost or doubled');
}
