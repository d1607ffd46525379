import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { spawn as spawnOnTerminal } from '@lydell/node-pty'

const live = ['--conditions=@hallpass/source', '--import', 'tsx']
const pathOf = (file: 'main.ts' | 'testing/run-each.ts') => fileURLToPath(new URL(`../${file}`, import.meta.url))

type Env = Readonly<Record<string, string>>

/** Runs the program, or each of several lines, in a process of its own, with a pipe on stdin that stays open. */
export function startProcess(argv: readonly string[], env: Env = {}, file: Parameters<typeof pathOf>[0] = 'main.ts') {
  const command = [...live, pathOf(file), ...argv]
  const child = spawn(process.execPath, command, { env: { PATH: process.env.PATH, ...env } })
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

/** Runs the program, or each of several lines, on a pseudo-terminal: all that a person would see. */
export function runOnTerminal(
  argv: readonly string[],
  {
    env = {},
    columns = 80,
    file = 'main.ts',
  }: { env?: Env; columns?: number; file?: Parameters<typeof pathOf>[0] } = {},
): Promise<{ exitCode: number; shown: string }> {
  const terminal = spawnOnTerminal(process.execPath, [...live, pathOf(file), ...argv], {
    cols: columns,
    rows: 50,
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', ...env },
  })
  let shown = ''
  terminal.onData((data) => {
    shown += data
  })
  return new Promise((resolve) => {
    // a terminal ends its lines with CR LF
    terminal.onExit(({ exitCode }) => resolve({ exitCode, shown: shown.replaceAll('\r\n', '\n') }))
  })
}
