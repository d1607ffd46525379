/** A call, what it is about (a kind or a scope, and two numbers), and the response that the model expects. */
export type Step = readonly [op: string, about: string, a: number, b: number, reply: string]

/** The calls of one random walk. */
export type Trace = readonly Step[]
