import { execFile } from 'node:child_process'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../rules/support/repository.js'

const run = promisify(execFile)

/** A package as it would be published. */
export interface Packed {
  readonly name: string
  /** Where it is built, relative to the root. */
  readonly home: string
  readonly files: readonly string[]
  /** The packed file. */
  readonly tarball: string
}

/** Packs workspaces into a folder, as `npm publish` would. Build them first. */
export async function packAll(homes: readonly string[], folder: string): Promise<Packed[]> {
  const workspaces = homes.flatMap((home) => ['-w', home])
  const command = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...workspaces]
  const { stdout } = await run('npm', command, { cwd: root, maxBuffer: 16_000_000 })
  const packed: { name: string; filename: string; files: { path: string }[] }[] = JSON.parse(stdout)
  return packed.map(({ name, filename, files }, index) => ({
    name,
    home: homes[index] ?? '',
    files: files.map(({ path }) => path),
    tarball: join(folder, filename),
  }))
}

/** Installs packed packages into a new project, and links the packages that are installed here. */
export async function install(packed: readonly Packed[], others: readonly string[], project: string): Promise<void> {
  for (const { name, home, files } of packed) {
    for (const file of files) {
      const target = join(project, 'node_modules', name, file)
      await mkdir(dirname(target), { recursive: true })
      await cp(join(root, home, file), target)
    }
  }
  for (const name of others) {
    const target = join(project, 'node_modules', name)
    await mkdir(dirname(target), { recursive: true })
    await symlink(join(root, 'node_modules', name), target)
  }
}

/** Runs an installed command. Returns its output and exit code. */
export const runBinary = (script: string, args: readonly string[], cwd: string) =>
  runScript(join(root, 'node_modules', script), args, cwd)

/** Compiles a project with `tsc`, with one thread, because several threads check the same types again. */
export const runCompiler = (project: string, cwd: string, options: readonly string[] = []) =>
  runBinary('typescript/bin/tsc', ['--singleThreaded', '-p', project, ...options], cwd)

/** Runs a script. Returns its output and exit code. */
export async function runScript(path: string, args: readonly string[], cwd: string) {
  try {
    const { stdout } = await run(process.execPath, [path, ...args], { cwd, maxBuffer: 16_000_000 })
    return { code: 0, text: stdout }
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string }
    return { code: code ?? 1, text: `${stdout}${stderr}` }
  }
}
