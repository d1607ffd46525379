import { readFileSync } from 'node:fs'

/*
 * Loaded into a process before anything else. Its wall clock is ahead by the milliseconds in a file, which can change.
 */
const path = process.env.TEST_CLOCK_FILE ?? ''
const realNow = Date.now
Date.now = () => realNow() + Number(readFileSync(path, 'utf8'))
