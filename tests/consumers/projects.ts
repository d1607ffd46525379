/** A project that installs the packed packages, as its users would. */
export interface Project {
  readonly name: string
  /** Exact versions, installed from npm. */
  readonly dependencies: Readonly<Record<string, string>>
  readonly packageJson?: Readonly<Record<string, unknown>>
  readonly files: Readonly<Record<string, string>>
  /** Run one after another in the project. */
  readonly commands: readonly (readonly string[])[]
  /** What the last command must print. With it, the command may fail. */
  readonly prints?: RegExp
}

const options = `{ baseUrl: 'https://pass.example', clientKey: 'pk_test_x' }`

/** A server component: only the package's own directive makes its parts client components. */
const nextPage = `import { HallpassWidget } from '@hallpass/client/react'

export default function Page() {
  return <HallpassWidget baseUrl="https://pass.example" clientKey="pk_test_x" widgetUrl="https://widgets.example/chat" />
}
`
const nextRoute = `import { createHallpassClient, HallpassError } from '@hallpass/client'

const hallpass = createHallpassClient({ baseUrl: 'http://127.0.0.1:9', apiKey: 'sk_test_x', maxRetries: 0 })

export async function POST() {
  try {
    return Response.json(await hallpass.bridge.initialize({ customer_id: 'x' }))
  } catch (error) {
    return new Response(error instanceof HallpassError ? error.reason : 'unknown', { status: 502 })
  }
}
`
const nextLayout = `export default function Layout({ children }: { children: React.ReactNode }) {
  return <html lang="en"><body>{children}</body></html>
}
`

/** As create-next-app writes it. */
const nextConfig = JSON.stringify({
  compilerOptions: {
    lib: ['dom', 'dom.iterable', 'esnext'],
    allowJs: true,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    esModuleInterop: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    resolveJsonModule: true,
    isolatedModules: true,
    jsx: 'preserve',
    plugins: [{ name: 'next' }],
  },
  include: ['**/*.ts', '**/*.tsx'],
})

const next = (version: string, react: string): Project => ({
  name: `next ${version}`,
  dependencies: {
    next: version,
    react,
    'react-dom': react,
    typescript: '5.9.3',
    '@types/react-dom': '19.2.3',
    '@types/react': '19.3.0',
    '@types/node': '20.19.43',
  },
  files: {
    'tsconfig.json': nextConfig,
    'app/page.tsx': nextPage,
    'app/layout.tsx': nextLayout,
    'app/bridge/route.ts': nextRoute,
  },
  commands: [['next', 'build']],
})

const browserMain = `import { mountWidget } from '@hallpass/client/embed'
import { createWidgetSession } from '@hallpass/client/browser'

console.log(createWidgetSession(${options}).state(), mountWidget)
`

const jestTest = `const { HallpassClientError, HallpassError } = require('@hallpass/client')
const { createWidgetSession } = require('@hallpass/client/browser')

test('the client loads', () => {
  expect(new HallpassClientError('timeout', 'x')).toBeInstanceOf(HallpassError)
  expect(createWidgetSession(${options}).state().status).toBe('idle')
})
`

/** `hallpass/testing` needs no setting. */
const jestServer = `const { startHallpass } = require('hallpass/testing')

test('a server starts, mints and ends', async () => {
  const hallpass = await startHallpass()
  expect((await hallpass.mint.guest()).auth_mode).toBe('guest')
  await hallpass.stop()
})
`

const commonJs = `const { createHallpassClient } = require('@hallpass/client')
const { createVerifier } = require('@hallpass/client/verify')

console.log(typeof createHallpassClient, typeof createVerifier)
`

const typed = `import { createHallpassClient, type HallpassClientError } from '@hallpass/client'
import { createWidgetSession } from '@hallpass/client/browser'
import { createGuard } from '@hallpass/client/verify'

export const hallpass = createHallpassClient({ baseUrl: 'https://pass.example', apiKey: 'sk_test_x' })
export const session = createWidgetSession(${options})
export const reason = (error: HallpassClientError): string => error.reason
export { createGuard }
`

const typescript = (version: string, compilerOptions: object, more: Partial<Project> = {}): Project => ({
  name: `typescript ${version} ${JSON.stringify(compilerOptions)}${more.packageJson ? ' from CommonJS' : ''}`,
  dependencies: { typescript: version, '@types/react': '19.3.0', '@types/node': '20.19.43' },
  packageJson: { type: 'module' },
  files: {
    'main.ts': typed,
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        lib: ['ES2023', 'DOM', 'DOM.Iterable'],
        types: ['node'],
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        ...compilerOptions,
      },
      files: ['main.ts'],
    }),
  },
  commands: [['tsc', '-p', '.']],
  ...more,
})

const nodeNext = { module: 'NodeNext', moduleResolution: 'NodeNext' }
const bundler = { module: 'ESNext', moduleResolution: 'Bundler' }
const commonJsPackage = { packageJson: { type: 'commonjs' } }

export const projects: readonly Project[] = [
  next('14.2.35', '18.3.1'),
  next('16.4.6', '19.3.1'),
  {
    name: 'vite',
    dependencies: { vite: '8.4.0' },
    files: { 'index.html': '<script type="module" src="/main.js"></script>', 'main.js': browserMain },
    commands: [['vite', 'build']],
    prints: /✓ built/,
  },
  {
    name: 'webpack with source-map-loader',
    dependencies: { webpack: '5.113.0', 'webpack-cli': '6.0.1', 'source-map-loader': '5.0.0' },
    files: {
      'src/index.js': browserMain,
      'webpack.config.js': `module.exports = {
  mode: 'production', devtool: 'source-map',
  module: { rules: [{ test: /\\.js$/, enforce: 'pre', use: ['source-map-loader'] }] },
}`,
    },
    // a warning is an error, such as a source that a map names and the package doesn't have
    commands: [['webpack', '--fail-on-warnings']],
    prints: /compiled successfully/,
  },
  {
    name: 'jest, with the setting of docs/frameworks.md',
    dependencies: { jest: '30.5.2', 'babel-jest': '30.5.2', '@babel/preset-env': '7.28.5' },
    packageJson: { jest: { transformIgnorePatterns: ['/node_modules/(?!@hallpass/)'] } },
    files: {
      'client.test.js': jestTest,
      // a file, because settings in package.json don't apply to node_modules
      'babel.config.json': JSON.stringify({ presets: [['@babel/preset-env', { targets: { node: 'current' } }]] }),
    },
    commands: [['jest']],
    prints: /1 passed/,
  },
  // Node 20 would need a native addon, and nothing runs install scripts here
  ...(process.getBuiltinModule('node:sqlite')
    ? [
        {
          name: 'jest with hallpass/testing',
          dependencies: { jest: '30.5.2' },
          files: { 'server.test.js': jestServer },
          commands: [['jest']],
          prints: /1 passed/,
        },
      ]
    : []),
  {
    name: 'require() in Node.js',
    dependencies: {},
    files: { 'main.cjs': commonJs },
    commands: [['node', 'main.cjs']],
    prints: /^function function$/m,
  },
  ...['5.0.4', '5.4.5', '5.8.3', '5.9.3', '6.0.2', '7.0.2'].flatMap((version) => [
    typescript(version, nodeNext),
    typescript(version, bundler),
  ]),
  typescript('5.9.3', nodeNext, commonJsPackage),
  typescript('7.0.2', nodeNext, commonJsPackage),
  // the ones that the documentation refuses
  typescript('5.9.3', { module: 'Node16', moduleResolution: 'Node16' }, { ...commonJsPackage, prints: /TS1479/ }),
  typescript('5.9.3', { module: 'CommonJS', moduleResolution: 'Node10' }, { ...commonJsPackage, prints: /TS2307/ }),
  typescript('4.9.5', nodeNext, { prints: /error TS/ }),
]
