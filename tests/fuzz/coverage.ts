import { type Profiler, Session } from 'node:inspector'

/** Shows which code ran, using V8's precise coverage of this process. */
export interface Coverage {
  /** Whether code ran since the last call that had never run before. Doesn't record it. */
  readonly hasNewCode: () => boolean
  /** Whether code ran that had never run before, or never as often (in powers of two). Records it. */
  readonly learn: () => boolean
  /** How many characters of the source ran. */
  readonly covered: () => number
  readonly stop: () => void
}

export function startCoverage(isWatched: (url: string) => boolean): Coverage {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  // for each script and each character of its source: the execution counts seen so far
  const seen = new Map<string, Uint32Array>()
  const compare = (note: boolean): boolean => {
    let isNew = false
    for (const { scriptId, url, functions } of take(session)) {
      if (!isWatched(url)) continue
      const counts = countsOf(functions)
      const known = grown(seen.get(scriptId), counts.length)
      seen.set(scriptId, known)
      for (const [offset, count] of counts.entries()) {
        const mask = note ? known[offset] : Number(known[offset] !== 0) && allCounts
        const bit = bucketOf(count)
        if ((Number(mask) & bit) === bit) continue
        isNew = true
        if (note) known[offset] = Number(known[offset]) | bit
      }
    }
    return isNew
  }
  return {
    hasNewCode: () => compare(false),
    learn: () => compare(true),
    covered: () => [...seen.values()].reduce((sum, masks) => sum + masks.filter((mask) => mask !== 0).length, 0),
    stop: () => session.disconnect(),
  }
}

const allCounts = 0xffff_ffff

function take(session: Session): readonly Profiler.ScriptCoverage[] {
  let scripts: readonly Profiler.ScriptCoverage[] = []
  // an inspector session of the same process responds synchronously
  session.post('Profiler.takePreciseCoverage', (error, response) => {
    if (error) throw error
    scripts = response.result
  })
  return scripts
}

/**
 * How often each character ran. Ranges are nested and listed from the outside in. Adjacent characters with the same
 * count are merged.
 */
function countsOf(functions: readonly Profiler.FunctionCoverage[]): Int32Array {
  const ranges = functions.flatMap((one) => one.ranges)
  const counts = new Int32Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)))
  for (const { startOffset, endOffset, count } of ranges) counts.fill(count, startOffset, endOffset)
  return counts
}

function grown(masks: Uint32Array | undefined, length: number): Uint32Array {
  if (masks && masks.length >= length) return masks
  const longer = new Uint32Array(length)
  if (masks) longer.set(masks)
  return longer
}

const bucketOf = (count: number) => (count === 0 ? 0 : 1 << Math.min(30, Math.floor(Math.log2(count))))
