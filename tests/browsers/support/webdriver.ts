/** The commands of WebDriver that the tests use, as their names in Marionette and their paths over HTTP. */
export const commands = {
  navigate: { marionette: 'WebDriver:Navigate', method: 'POST', path: '/url' },
  back: { marionette: 'WebDriver:Back', method: 'POST', path: '/back' },
  execute: { marionette: 'WebDriver:ExecuteAsyncScript', method: 'POST', path: '/execute/async' },
  getWindow: { marionette: 'WebDriver:GetWindowHandle', method: 'GET', path: '/window' },
  newWindow: { marionette: 'WebDriver:NewWindow', method: 'POST', path: '/window/new' },
  switchToWindow: { marionette: 'WebDriver:SwitchToWindow', method: 'POST', path: '/window' },
  closeWindow: { marionette: 'WebDriver:CloseWindow', method: 'DELETE', path: '/window' },
  setTimeouts: { marionette: 'WebDriver:SetTimeouts', method: 'POST', path: '/timeouts' },
  switchToFrame: { marionette: 'WebDriver:SwitchToFrame', method: 'POST', path: '/frame' },
} as const

/** Sends a command to a browser. Rejects with the browser's error. */
export type Send = (command: keyof typeof commands, parameters?: object) => Promise<unknown>

/** A browser that a test controls. */
export interface Driver {
  readonly send: Send
  readonly stop: () => Promise<void>
}

/** Waits for something that a starting browser does, for up to 30 seconds. */
export async function until<T>(find: () => Promise<T> | T): Promise<T> {
  const start = Date.now()
  for (;;) {
    try {
      return await find()
    } catch (error) {
      if (Date.now() - start > 30_000) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
