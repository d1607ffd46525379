import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { spawn as spawnOnTerminal } from '@lydell/node-pty'

/** The built program, and a script that runs several command lines with it. */
const programs = {
  hallpass: fileURLToPath(new URL('../../bin/hallpass.js', import.meta.url)),
  'run-each': fileURLToPath(new URL('./run-each.mjs', import.meta.url)),
} as const

type Program = keyof typeof programs
type Env = Readonly<Record<string, string>>

/** Runs the program, or several command lines, in a separate process. Its stdin is a pipe that stays open. */
export function startProcess(argv: readonly string[], env: Env = {}, program: Program = 'hallpass') {
  const child = spawn(process.execPath, [programs[program], ...argv], { env: { PATH: process.env.PATH, ...env } })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    written.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    written.stderr += chunk
  })
  const ended = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, ...written }))
  })
  return { child, written, ended }
}

/** Runs the program, or several command lines, on a pseudo-terminal and returns everything that a person would see. */
export function runOnTerminal(
  argv: readonly string[],
  { env = {}, columns = 80, program = 'hallpass' }: { env?: Env; columns?: number; program?: Program } = {},
): Promise<{ exitCode: number; shown: string }> {
  const terminal = spawnOnTerminal(process.execPath, [programs[program], ...argv], {
    cols: columns,
    rows: 50,
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', ...env },
  })
  let shown = ''
  terminal.onData((data) => {
    shown += data
  })
  return new Promise((resolve) => {
    // terminals end lines with CR LF
    terminal.onExit(({ exitCode }) => resolve({ exitCode, shown: shown.replaceAll('\r\n', '\n') }))
  })
}
