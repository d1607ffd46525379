import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Algorithm, algorithms } from './prepare-tokens.js'

export interface Settings {
  readonly issuer: string
  readonly audience: string
  readonly jwksUri: string
  readonly algorithm: string
  /** For introspection. */
  readonly secretKey: string
}

/** A library in another language: how to run its recipe with tokens on stdin. */
export interface Script {
  readonly recipe: string
  readonly algorithms: readonly Algorithm[]
  readonly isInstalled: () => boolean
  readonly command: (settings: Settings) => readonly [program: string, ...args: string[]]
}

/** The folder of the recipes. */
export const folder = fileURLToPath(new URL('.', import.meta.url))
const withoutEdDsa = ['ES256', 'RS256'] as const
const succeeds = (program: string, ...args: string[]) => spawnSync(program, args).status === 0
const offline = ({ issuer, audience, jwksUri, algorithm }: Settings) => [issuer, audience, jwksUri, algorithm]

const python = (recipe: string, modules: string): Script => ({
  recipe,
  algorithms,
  isInstalled: () => succeeds('/usr/bin/python3', '-c', `import ${modules}`),
  command: (settings) => ['/usr/bin/python3', 'run.py', recipe, ...offline(settings)],
})

const golangJwt = '/usr/share/gocode/src/github.com/golang-jwt/jwt'
let builtGo: string | undefined
/** Builds the recipe with Debian's copy of the library. */
function buildGo(): string {
  const place = mkdtempSync(join(tmpdir(), 'hallpass-go-'))
  for (const file of ['run.go', 'with_golang_jwt.go']) copyFileSync(join(folder, file), join(place, file))
  const module = 'github.com/golang-jwt/jwt/v4'
  const lines = ['module recipe', 'go 1.18', `require ${module} v4.4.3`, `replace ${module} => ${golangJwt}`]
  writeFileSync(join(place, 'go.mod'), lines.join('\n\n'))
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off' }
  execFileSync('go', ['build', '-o', 'run', '.'], { cwd: place, env })
  return join(place, 'run')
}

const gson = '/usr/share/java/gson.jar'
let builtJava: string | undefined
function buildJava(): string {
  const place = mkdtempSync(join(tmpdir(), 'hallpass-java-'))
  execFileSync('javac', ['-cp', gson, '-d', place, 'Introspect.java', 'run.java'], { cwd: folder })
  return place
}

export const scripts: readonly Script[] = [
  python('with_pyjwt.py', 'jwt, cryptography'),
  python('with_authlib.py', 'authlib.jose'),
  python('with_jwcrypto.py', 'jwcrypto'),
  {
    recipe: 'with_ruby_jwt.rb',
    // Ruby needs another library for EdDSA
    algorithms: withoutEdDsa,
    isInstalled: () => succeeds('/usr/bin/ruby', '-e', 'require "jwt"'),
    command: (settings) => ['/usr/bin/ruby', 'run.rb', 'with_ruby_jwt.rb', ...offline(settings)],
  },
  {
    recipe: 'with_golang_jwt.go',
    algorithms,
    isInstalled: () => existsSync(golangJwt) && succeeds('go', 'version'),
    command: (settings) => {
      builtGo ??= buildGo()
      return [builtGo, ...offline(settings)]
    },
  },
  {
    recipe: 'introspect.php',
    algorithms: ['ES256'],
    isInstalled: () => succeeds('/usr/bin/php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);'),
    command: ({ issuer, audience, secretKey }) => ['/usr/bin/php', 'run.php', issuer, audience, secretKey],
  },
  {
    recipe: 'Introspect.java',
    algorithms: ['ES256'],
    isInstalled: () => existsSync(gson) && succeeds('javac', '-version'),
    command: ({ issuer, audience, secretKey }) => {
      builtJava ??= buildJava()
      return ['java', '-cp', `${gson}:${builtJava}`, 'Run', issuer, audience, secretKey]
    },
  },
]
