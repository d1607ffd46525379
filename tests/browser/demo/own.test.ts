import { describe, expect, test } from 'vitest'
import { findBarriers, overhang } from '../support/find-barriers.js'
import { useDemoBrowser } from './support/demo-browser.js'
import { tryEverything } from './support/try-everything.js'

const walk = useDemoBrowser()

describe('your own widget', () => {
  test('gets a session for a ticket, and its backend knows whose rating it is', async () => {
    const { page, complaints, context } = await walk().visit('/own')
    const widget = page.frameLocator('iframe[title="Was it good?"]')
    await widget.getByRole('radio', { name: '4' }).check()
    await widget.getByText('Thanks for 4 of 5.').waitFor()
    await page.getByText('Message from the widget: 4 of 5.').waitFor()
    const steps = await page.locator('.flow-step code').allInnerTexts()
    expect(steps).toEqual(
      expect.arrayContaining(['visitor.embedTicket', 'visitor.guest', 'POST /api/own/rating', 'tokens.introspect']),
    )
    expect(complaints).toEqual([])
    await context.close()
  })

  test('has no accessibility violations, in light and dark mode, at a width of 360 pixels', async () => {
    const { page, context } = await walk().visit('/own', { viewport: { width: 360, height: 780 } })
    const widget = page.frameLocator('iframe[title="Was it good?"]')
    await widget.getByRole('radio', { name: '4' }).waitFor()
    const frame = page.frame({ url: `${walk().demo.widgetsUrl}/own**` })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await findBarriers(frame)).toEqual([])
    }
    await widget.getByRole('radio', { name: '4' }).check()
    await widget.getByText('Thanks for 4 of 5.').waitFor()
    expect(await findBarriers(frame)).toEqual([])
    expect(await frame?.evaluate(overhang)).toBe(0)
    await context.close()
  })

  test('shows the code that runs', async () => {
    const { page, context } = await walk().visit('/own')
    await page.getByText("from '@hallpass/client/embed'").waitFor()
    await page.getByRole('tab', { name: 'Page', exact: true }).click()
    await page.getByText('return mountWidget({').waitFor()
    await context.close()
  })

  test('stops every attempt to break it', async () => {
    const { page, context } = await walk().visit('/own')
    expect(await tryEverything(page)).toEqual({
      'Embed it in an attacker’s page': 'Stopped, HTTP 403',
      'Use a ticket twice': 'Stopped, HTTP 403',
      'Change the origin in a ticket': 'Stopped, HTTP 403',
      'Log in with a ticket': 'Stopped, HTTP 400',
    })
    await context.close()
  })

  test('the page to copy shows the widget as it is', async () => {
    // a page that a test answers for belongs to no network, so the browser asks before it calls this machine
    const permissions = ['local-network-access']
    const { page, complaints, context } = await walk().visit('/own', { permissions })
    const project = page.getByRole('region', { name: 'Use this in your project' })
    const body = (await project.locator('pre').textContent()) ?? ''
    const url = `${walk().demo.demoUrl}/copied.html`
    await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body }))
    await page.goto(url)
    await page.frameLocator('iframe[title="Was it good?"]').getByRole('radio', { name: '4' }).check()
    await page.frameLocator('iframe[title="Was it good?"]').getByText('Thanks for 4 of 5.').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})
