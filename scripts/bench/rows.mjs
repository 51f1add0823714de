// What the page hands over, and what it says beside what is measured. Pure.
import { median } from './statistics.mjs';

/**
 * The types of bench/row.ts and bench/run.ts.
 * @typedef {'chromium' | 'firefox'} Engine
 * @typedef {'sdk' | 'quickjs' | 'floor'} Beside
 * @typedef {{ isolation: 'process' | 'origin', engine?: Engine, against?: Beside, bound: number }} Goal
 * @typedef {object} Measured
 * @property {string} id
 * @property {string} name
 * @property {'ms' | 'KiB'} unit
 * @property {string} [floor]
 * @property {Beside} [against]
 * @property {Goal[]} goals
 * @property {Record<string, number[]>} samples
 * @property {number} [longTaskMs]
 * @typedef {object} Report
 * @property {Engine} engine
 * @property {string} version browser and version
 * @property {Measured[]} rows
 */

/** Cloche's sides; `default` is that of a library without the option. */
export const OURS = ['default', 'process', 'origin'];

/** All sides, as they stand in a table. */
export const SIDES = [...OURS, 'sdk', 'quickjs', 'floor'];

/** @type {Record<string, string>} */
export const NAMES = {
  default: 'Cloche',
  process: 'Cloche, `process`',
  origin: 'Cloche, `origin`',
  sdk: 'SDK',
  quickjs: 'QuickJS',
  floor: 'floor',
};

/**
 * @param {Measured} row
 * @param {string} isolation
 * @param {Engine} engine
 */
export function goalOf({ goals }, isolation, engine) {
  return goals.find((goal) => goal.isolation === isolation && (goal.engine ?? engine) === engine);
}

/**
 * Beside the SDK and QuickJS how many times as fast (or small) Cloche is, beside the floor how many times as slow.
 * @param {Measured} row
 * @param {string} isolation
 * @param {Beside} beside
 * @returns {number | undefined} undefined where one of them was not measured
 */
export function timesOf({ samples }, isolation, beside) {
  const [ours, theirs] = [samples[isolation], samples[beside]];
  if (!ours || !theirs) return undefined;
  return beside === 'floor' ? median(ours) / median(theirs) : median(theirs) / median(ours);
}

/**
 * Undefined where what the goal is about was not measured.
 * @param {Measured} row
 * @param {Goal} goal
 */
export function isMet(row, { isolation, against, bound }) {
  if (against === undefined) {
    const samples = row.samples[isolation];
    return samples && median(samples) <= bound;
  }
  const times = timesOf(row, isolation, against);
  if (times === undefined) return undefined;
  return against === 'floor' ? times <= bound : times >= bound;
}

/** @param {number} value */
export function number(value) {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
