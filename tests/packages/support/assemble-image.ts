import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Copy, DockerfileParser, From, type Instruction, type JSONInstruction } from 'dockerfile-ast'
import { root } from '../../rules/support/repository.js'

/** What an image says about its process, and its files in a folder. */
export interface Image {
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  readonly workdir: string
  readonly user: string
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  readonly healthcheck: readonly string[]
}

interface Options {
  /** The files go into its folders. */
  readonly folder: string
  /** The binary that the base image of the first stage contains. */
  readonly node: string
  /** RUN steps whose effect this checkout already has. */
  readonly done: readonly string[]
}

interface Stage {
  readonly name: string
  readonly root: string
  readonly settings: Map<string, readonly string[]>
  readonly env: Record<string, string>
}

/**
 * Follows the steps of a Containerfile without a container engine. The checkout is what `COPY . .` copies, and the first
 * stage runs its steps there; only what a step writes below /opt goes into a folder. Other steps are errors.
 */
export function assembleImage(text: string, { folder, node, done }: Options): Image {
  const left = new Set(done)
  const stages: Stage[] = []
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction instanceof From) stages.push(startStage(instruction, folder, node))
    else follow(instruction, stages, left)
  }
  if (left.size > 0) throw new Error(`The Containerfile doesn't run: ${[...left].join(', ')}`)
  const last = stages.at(-1)
  if (!last) throw new Error('The Containerfile has no stage.')
  const setting = (name: string) => last.settings.get(name) ?? []
  return {
    root: last.root,
    env: last.env,
    workdir: setting('WORKDIR')[0] ?? '/',
    user: setting('USER')[0] ?? '0',
    entrypoint: setting('ENTRYPOINT'),
    cmd: setting('CMD'),
    healthcheck: setting('HEALTHCHECK'),
  }
}

/** A base image: for the build, Node itself; for the result, the libraries that Node needs. */
function startStage(from: From, folder: string, node: string): Stage {
  const name = from.getBuildStage() ?? 'result'
  const stage = { name, root: join(folder, name), settings: new Map(), env: {} }
  const place = (path: string, source: string) => {
    mkdirSync(dirname(join(stage.root, path)), { recursive: true })
    copyFileSync(source, join(stage.root, path))
  }
  if (name === 'result') {
    const libraries = execFileSync('ldd', [node], { encoding: 'utf8' }).match(/\/\S+(?= \()/g) ?? []
    for (const path of libraries) place(path, path)
    for (const path of ['tmp', 'proc', 'dev', 'etc']) mkdirSync(join(stage.root, path), { recursive: true })
    writeFileSync(join(stage.root, 'etc/passwd'), 'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n')
  } else place('/usr/local/bin/node', node)
  return stage
}

function follow(instruction: Instruction, stages: readonly Stage[], left: Set<string>): void {
  const stage = stages.at(-1)
  if (!stage) throw new Error('A step before FROM')
  const keyword = instruction.getKeyword()
  const words = instruction.getArguments().map((argument) => argument.getValue())
  const raw = instruction.getRawArgumentsContent() ?? ''
  if (instruction instanceof Copy) copy(instruction, stages, stage)
  else if (keyword === 'RUN') run(raw, stage, left)
  else if (keyword === 'ENV') stage.env[raw.slice(0, raw.indexOf('='))] = raw.slice(raw.indexOf('=') + 1)
  else if (keyword === 'HEALTHCHECK') stage.settings.set(keyword, JSON.parse(raw.slice(raw.indexOf('['))))
  else if (keyword === 'ENTRYPOINT' || keyword === 'CMD') {
    // only these have the form of a list
    const strings = (instruction as JSONInstruction).getJSONStrings()
    stage.settings.set(
      keyword,
      strings.map((string) => JSON.parse(string.getValue())),
    )
  } else if (['WORKDIR', 'USER', 'EXPOSE', 'STOPSIGNAL'].includes(keyword)) stage.settings.set(keyword, words)
  else throw new Error(`${keyword} can't be followed here`)
}

function run(command: string, stage: Stage, left: Set<string>): void {
  if (left.delete(command)) return
  mkdirSync(join(stage.root, 'opt'), { recursive: true })
  const here = command.replaceAll(' /opt/', ` ${stage.root}/opt/`)
  execFileSync('sh', ['-c', here], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
}

function copy(instruction: Copy, stages: readonly Stage[], stage: Stage): void {
  const flags = new Map(instruction.getFlags().map((flag) => [flag.getName(), flag.getValue() ?? '']))
  const [source = '', target = ''] = instruction.getArguments().map((argument) => argument.getValue())
  // the checkout, where the build runs
  if (source === '.' && target === '.' && !flags.has('from')) return
  const from = stages.find(({ name }) => name === flags.get('from'))
  if (!from) throw new Error(`COPY ${source} comes from no stage`)
  const place = join(stage.root, target)
  mkdirSync(dirname(place), { recursive: true })
  execFileSync('cp', ['-rT', join(from.root, source), place])
  const [owner, mode] = [flags.get('chown'), flags.get('chmod')]
  if (owner) execFileSync('chown', ['-R', owner, place])
  if (mode) chmodSync(place, Number.parseInt(mode, 8))
}
