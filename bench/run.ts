// Measures the sides of a row in turn, so that all meet the same drift of the machine.

import { type Isolation, isolationsOf, type Library, type Setting } from './library.ts';
import { LongTasks } from './long-tasks.ts';
import { hasProbe } from './probes.ts';
import type { Goal, Row, Side } from './row.ts';

/** What goes to the script: every sample, in the order they were taken. */
export interface Measured extends Pick<Row, 'id' | 'name' | 'unit' | 'floor' | 'against'> {
  readonly goals: readonly Goal[];
  readonly samples: Readonly<Record<string, readonly number[]>>;
  /** The longest task of the page over 50 ms during Cloche's samples, in ms. Undefined where the engine does not tell,
   * and for memory, which is counted with the page stopped. */
  readonly longTaskMs: number | undefined;
}

/** The libraries by the beginning of their sides' names: one, or two to compare. */
export type Libraries = Readonly<Record<string, Library>>;

export interface RunOptions {
  /** How many samples of each side, whatever the row says. */
  readonly runs: number | undefined;
  /** Whether the SDK, QuickJS and the floor are measured too. */
  readonly beside: boolean;
}

/** Undefined where this browser cannot tell what the row measures. */
export async function runRow(row: Row, libraries: Libraries, options: RunOptions): Promise<Measured | undefined> {
  if (row.needs && !hasProbe(row.needs)) return undefined;
  const sides = new Map<string, Side>();
  const tasks = new LongTasks();
  try {
    for (const [name, setting] of await settingsOf(libraries)) await add(sides, name, row.cloche(setting));
    const ours = new Set(sides.keys());
    if (options.beside) {
      for (const [name, open] of Object.entries(row.beside ?? {})) await add(sides, name, open());
    }
    const { runs = 40, warmUps = 5 } = row.rounds ?? {};
    const samples = await inTurn(sides, { runs: options.runs ?? runs, warmUps }, (name, sample) =>
      ours.has(name) ? tasks.during(sample) : sample(),
    );
    const { id, name, unit, floor, against, goals = [] } = row;
    const facts = { id, name, unit, ...(floor && { floor }), ...(against && { against }) };
    return { ...facts, goals, samples, longTaskMs: unit === 'ms' ? tasks.longest : undefined };
  } finally {
    tasks.stop();
    for (const side of sides.values()) await side.close();
  }
}

async function settingsOf(libraries: Libraries): Promise<[name: string, Setting][]> {
  const settings: [string, Setting][] = [];
  for (const [prefix, library] of Object.entries(libraries)) {
    for (const isolation of await isolationsOf(library)) {
      settings.push([nameOf(prefix, isolation), { library, isolation, storage: `bench-${prefix}${isolation}` }]);
    }
  }
  return settings;
}

function nameOf(prefix: string, isolation: Isolation): string {
  return prefix === '' ? isolation : `${prefix} ${isolation}`;
}

async function add(sides: Map<string, Side>, name: string, opening: Promise<Side | undefined>): Promise<void> {
  const side = await opening;
  if (side) sides.set(name, side);
}

/** Every other round goes backwards: none comes always after the same one. */
async function inTurn(
  sides: ReadonlyMap<string, Side>,
  { runs, warmUps }: { runs: number; warmUps: number },
  take: (name: string, sample: () => Promise<number>) => Promise<number>,
): Promise<Record<string, number[]>> {
  const samples = new Map([...sides.keys()].map((name): [string, number[]] => [name, []]));
  const order = [...sides];
  for (let i = -warmUps; i < runs; i++) {
    for (const [name, side] of order) {
      const sample = (): Promise<number> => side.sample();
      if (i < 0) await sample();
      else samples.get(name)?.push(await take(name, sample));
    }
    order.reverse();
  }
  return Object.fromEntries(samples);
}
