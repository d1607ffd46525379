import { median, type Sample } from './measure.js'
import type { Series } from './run-rounds.js'
import type { SubjectName } from './subjects.js'

/** The median of the rounds of one server in one case. */
export interface Result {
  readonly name: string
  readonly subject: SubjectName
  readonly sample: Omit<Sample, 'calls'>
  /** CPU time of a call, as a multiple of the floor in the same round: median, smallest and largest. */
  readonly ratio: { readonly median: number; readonly least: number; readonly most: number }
  readonly failure: string | undefined
}

export function summarize(all: readonly Series[]): Result[] {
  const floorOf = (floor: 'post' | 'get') => all.find(({ subject }) => subject === `floor-${floor}`)?.samples ?? []
  return all.map(({ case: { name, floor }, subject, samples, failure }) => {
    const floors = floorOf(floor)
    const ratios = samples.map(({ cpuMicroseconds }, round) => cpuMicroseconds / (floors[round]?.cpuMicroseconds ?? 0))
    const of = (key: keyof Sample) => median(samples.map((sample) => sample[key]))
    return {
      name,
      subject,
      failure,
      sample: { cpuMicroseconds: of('cpuMicroseconds'), perSecond: of('perSecond'), p50: of('p50'), p99: of('p99') },
      ratio: { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) },
    }
  })
}
