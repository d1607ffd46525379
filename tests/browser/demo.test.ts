import { afterAll, beforeAll } from 'vitest'
import { describeCard } from './demo/card.js'
import { describeChat } from './demo/chat.js'
import { describeChatWidget } from './demo/chat-widget.js'
import { describeConsole } from './demo/console.js'
import { type DemoBrowser, startDemoBrowser } from './demo/demo-browser.js'
import { describeEveryPage } from './demo/every-page.js'
import { describeOwn } from './demo/own.js'
import { describePay } from './demo/pay.js'

let started: DemoBrowser | undefined
beforeAll(async () => {
  started = await startDemoBrowser()
})
afterAll(() => started?.stop())

const walk = (): DemoBrowser => {
  if (!started) throw new Error('the demo has not started')
  return started
}

describePay(walk)
describeCard(walk)
describeChat(walk)
describeOwn(walk)
describeChatWidget(walk)
describeConsole(walk)
describeEveryPage(walk)
