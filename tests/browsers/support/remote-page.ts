import type { Driver } from './webdriver.js'

/** A window of a browser, or a frame in one. */
export interface RemoteFrame {
  /** Runs a function in the page, and returns its result. Both can be anything that JSON has. */
  readonly evaluate: {
    <T>(run: () => T | Promise<T>): Promise<T>
    <T, A>(run: (argument: A) => T | Promise<T>, argument: A): Promise<T>
  }
}

export interface RemotePage extends RemoteFrame {
  readonly goto: (url: string) => Promise<void>
  readonly back: () => Promise<void>
  readonly close: () => Promise<void>
  /** The frame with this index. */
  readonly frame: (index: number) => RemoteFrame
}

export interface RemoteBrowser {
  readonly newPage: (url: string) => Promise<RemotePage>
  readonly stop: () => Promise<void>
}

/** Gives each command the window that it is for: WebDriver has only one current window. */
export async function controlBrowser(driver: Driver): Promise<RemoteBrowser> {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
  await driver.send('setTimeouts', { script: 45_000, pageLoad: 45_000 })
  const first = await driver.send('getWindow')
  return {
    stop: driver.stop,
    async newPage(url) {
      const { handle } = await inTurn(async () => {
        // the last window may have been closed
        await driver.send('switchToWindow', { handle: first })
        return (await driver.send('newWindow', { type: 'window' })) as { readonly handle: string }
      })
      const page = pageOf(driver, inTurn, handle)
      await page.goto(url)
      return page
    },
  }
}

function pageOf(driver: Driver, inTurn: <T>(work: () => Promise<T>) => Promise<T>, handle: string): RemotePage {
  const send = (...call: Parameters<Driver['send']>) =>
    inTurn(async () => {
      await driver.send('switchToWindow', { handle })
      return driver.send(...call)
    })
  const evaluateIn = (index: number | undefined): RemoteFrame['evaluate'] => {
    // the result of the page's function, which only its caller knows the type of
    return async <T>(run: (argument: never) => unknown, argument?: unknown): Promise<T> => {
      const call = { script: scriptOf(run), args: [argument ?? null] }
      const answer = await inTurn(async () => {
        await driver.send('switchToWindow', { handle })
        await driver.send('switchToFrame', { id: null })
        if (index !== undefined) await driver.send('switchToFrame', { id: index })
        return driver.send('execute', call)
      })
      const { value, error } = answer as { value?: T; error?: string }
      if (error) throw new Error(error)
      return value as T
    }
  }
  return {
    evaluate: evaluateIn(undefined),
    frame: (index) => ({ evaluate: evaluateIn(index) }),
    goto: async (url) => void (await send('navigate', { url })),
    back: async () => void (await send('back')),
    close: async () => void (await send('closeWindow')),
  }
}

const scriptOf = (run: (argument: never) => unknown) => `
  const [argument, done] = arguments
  Promise.resolve(argument).then(${run}).then(
    (value) => done({ value: value === undefined ? null : value }),
    (error) => done({ error: String(error && error.stack || error) }),
  )`
