import type { Span } from './span.js'

/** What is being done at the moment, if it is recorded. */
export interface Steps {
  span: Span | undefined
}

/** Records what runs meanwhile as a step, if anything is recorded. */
export function step<T>(steps: Steps, name: string, run: () => Promise<T>): Promise<T> {
  return steps.span ? record(steps, steps.span, name, run) : run()
}

async function record<T>(steps: Steps, outer: Span, name: string, run: () => Promise<T>): Promise<T> {
  const span = outer.begin(name)
  steps.span = span
  try {
    return await run()
  } finally {
    steps.span = outer
    span.end()
  }
}
