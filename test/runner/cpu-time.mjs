// What the processes of a group have computed so far, as Linux counts it.
import { readdirSync, readFileSync } from 'node:fs';

/** Linux tells times to programs in hundredths of a second, whatever it counts in itself. */
const TICK_MS = 10;

/**
 * CPU time in ms of all processes of a group that live.
 * @param {number} group
 */
export function cpuMsOf(group) {
  let ticks = 0;
  for (const pid of processesOf(group)) ticks += statOf(pid)?.ticks ?? 0;
  return ticks * TICK_MS;
}

/**
 * Numbers of all processes of a group that live.
 * @param {number} group
 */
export function processesOf(group) {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && statOf(pid)?.group === group);
}

/** @param {string} pid */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name, which may have anything in it: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const [, , group, , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { group: Number(group), ticks: Number(user) + Number(system) };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
