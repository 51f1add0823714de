// What a page cannot see of itself: the memory of its browser. bench/probes.ts is the other end.
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Offers what this browser and this system can tell.
 * @param {import('puppeteer-core').Page} page before it has loaded anything
 * @param {import('./rows.mjs').Engine} engine
 */
export async function offerProbes(page, engine) {
  const pid = page.browser().process()?.pid;
  if (pid !== undefined && process.platform === 'linux') {
    await page.exposeFunction('browserKiB', () => memoryOf(pid));
  }
  if (engine === 'chromium') {
    const session = await page.createCDPSession();
    await page.exposeFunction('pageHeapKiB', async () => {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize / 1_024;
    });
  }
}

/**
 * KiB of a process and all that it has started. Memory that several share counts as a part for each: "proportional set
 * size", /proc/<pid>/smaps_rollup.
 * @param {number} root
 */
function memoryOf(root) {
  const parents = new Map(
    readdirSync('/proc')
      .filter(isNumber)
      .map((pid) => [Number(pid), parentOf(pid)]),
  );
  const isOurs = (/** @type {number | undefined} */ pid) => {
    for (let at = pid; at; at = parents.get(at)) if (at === root) return true;
    return false;
  };
  return [...parents.keys()].filter(isOurs).reduce((sum, pid) => sum + ownMemoryOf(pid), 0);
}

/** @param {string} name */
function isNumber(name) {
  return /^\d+$/.test(name);
}

/** @param {string} pid */
function parentOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  // The name in brackets may hold anything; after it come the state and the parent.
  return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2] ?? 0);
}

/** @param {number} pid */
function ownMemoryOf(pid) {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/**
 * Empty for a process that has ended in the meantime, or is somebody else's.
 * @param {string} file
 */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')) return '';
    throw error;
  }
}
