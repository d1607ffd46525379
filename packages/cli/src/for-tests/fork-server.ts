import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FromServer, ToServer } from './messages.js'

type Settings = Omit<Extract<ToServer, { type: 'start' }>, 'type'>

/** Runs the server in a process of its own, so that fake timers and module mocks of a test don't reach it. */
export async function forkServer(settings: Settings) {
  const child = fork(fileURLToPath(new URL('./server-process.js', import.meta.url)), [], {
    // flags of a test runner are not for it
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const started = await ask(child, { type: 'start', ...settings })
  if (started.type !== 'ready') {
    child.kill('SIGKILL')
    throw new Error(`Hallpass can't start: ${started.type === 'failed' ? started.message : started.type}`)
  }
  // a test that doesn't stop it must still be able to end
  child.unref()
  child.channel?.unref()
  const real = performance.now()
  let shift = 0
  return {
    url: started.url,
    clock: {
      now: () => Math.floor(settings.now + (performance.now() - real) + shift),
      async advance(seconds: number) {
        if (!(seconds >= 0)) throw new RangeError('The clock can only be set forward, by 0 seconds or more.')
        const milliseconds = Math.round(1_000 * seconds)
        await ask(child, { type: 'advance', milliseconds })
        shift += milliseconds
      },
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.ref()
      const exited = once(child, 'exit')
      // nothing in memory is worth a graceful end
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Sends a message and waits for its answer. Rejects if the process ends first. */
function ask(child: ChildProcess, message: ToServer): Promise<FromServer> {
  return new Promise((resolve, reject) => {
    const onExit = () => {
      child.off('message', onMessage)
      reject(new Error('The process of Hallpass has ended. Its last lines are on stderr.'))
    }
    const onMessage = (answer: unknown) => {
      child.off('exit', onExit)
      // only our own script sends messages on this channel
      resolve(answer as FromServer)
    }
    child.once('exit', onExit)
    child.once('message', onMessage)
    child.send(message, (error) => error && reject(error))
  })
}
