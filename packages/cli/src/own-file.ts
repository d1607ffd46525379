import { readFileSync } from 'node:fs'

/** Reads a file of this package. This module stays one folder below the package, in `src` and in the build. */
export const readOwnFile = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
