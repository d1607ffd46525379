import { describe, expect, test } from 'vitest'
import { findBarriers, overhang } from '../support/find-barriers.js'
import { useDemoBrowser } from './support/demo-browser.js'
import { tryEverything } from './support/try-everything.js'

const walk = useDemoBrowser()

async function visitMuseum(options?: Parameters<ReturnType<typeof walk>['visit']>[1]) {
  const visit = await walk().visit('/voice', options)
  const call = visit.page.getByRole('button', { name: 'Call the keeper' })
  const widget = visit.page.frameLocator('iframe[title="Voice guide"]')
  return { ...visit, call, widget, start: widget.getByRole('button', { name: 'Start the call' }) }
}

describe('a call with a token of a declared kind', () => {
  test('begins once, with the voice that the token names, and answers questions', async () => {
    const { page, complaints, context, call, widget, start } = await visitMuseum()
    await page.getByRole('radio', { name: 'sage' }).check()
    await call.click()
    const usesLeft = page.locator('.museum-facts dd').first()
    expect(await usesLeft.textContent()).toBe('1')
    await start.click()
    await widget.getByText('voice: sage').waitFor()
    await widget.getByRole('button', { name: 'How far did it reach?' }).click()
    await widget.getByText('twenty-one miles').waitFor()
    await page.getByText('The call has begun, so the token is used up.').waitFor()
    expect(await usesLeft.textContent()).toBe('0')
    const [tab] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'Call with the same token in a second tab' }).click(),
    ])
    await tab.getByRole('button', { name: 'Start the call' }).click()
    await tab.getByRole('alert').filter({ hasText: 'already used' }).waitFor()
    await widget.getByRole('button', { name: 'Hang up' }).click()
    await widget.getByRole('heading', { name: 'The call has ended' }).waitFor()
    const steps = await page.locator('.flow-step code').allInnerTexts()
    expect(steps).toEqual(
      expect.arrayContaining(['kinds.mint', 'POST /api/voice/start', 'kinds.redeem', 'POST /api/voice/ask']),
    )
    expect(complaints).toEqual([])
    await context.close()
  })

  test('is refused after every token of its subject, resource or kind was revoked', async () => {
    const { page, complaints, context, call, widget, start } = await visitMuseum()
    for (const of of ['this visitor', 'this exhibit', 'this kind']) {
      await call.click()
      await start.waitFor()
      await page.getByRole('button', { name: of }).click()
      await page.getByText('Revoked. Try to start the call.').waitFor()
      await start.click()
      await widget.getByRole('alert').filter({ hasText: 'revoked' }).waitFor()
    }
    // only what was minted before has ended
    await call.click()
    await start.click()
    await page.getByText('The call has begun').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('has no accessibility violations, in light and dark mode, at a width of 360 pixels', async () => {
    const { page, context, call, widget, start } = await visitMuseum({ viewport: { width: 360, height: 780 } })
    const expectNoBarriers = async () => {
      const frame = page.frame({ url: `${walk().demo.widgetsUrl}/voice**` })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await findBarriers(page.mainFrame())).toEqual([])
        expect(await findBarriers(frame)).toEqual([])
      }
      expect(await frame?.evaluate(overhang)).toBe(0)
    }
    await call.click()
    await start.waitFor()
    await expectNoBarriers()
    await start.click()
    await widget.getByRole('button', { name: 'Hang up' }).waitFor()
    await expectNoBarriers()
    await context.close()
  })

  test('shows the declaration and the code that runs', async () => {
    const { page, context } = await visitMuseum()
    const code = page.getByRole('region', { name: 'Declaration and code' })
    await code.getByText('"start_within_seconds": 60').waitFor()
    await code.getByRole('tab', { name: 'Mint' }).click()
    await code.getByText('hallpass.kinds.mint(').waitFor()
    await code.getByRole('tab', { name: 'Redeem' }).click()
    await code.getByText('hallpass.kinds.redeem(').waitFor()
    await context.close()
  })

  test('stops every attempt to break it', async () => {
    const { page, context } = await visitMuseum()
    expect(await tryEverything(page)).toEqual({
      'Call twice': 'Stopped, HTTP 422',
      'Call too late': 'Stopped, HTTP 422',
      'Ask for a voice that doesn’t exist': 'Stopped, HTTP 422',
      'Call about another exhibit': 'Stopped, HTTP 422',
      'Do something else with it': 'Stopped, HTTP 422',
      'Pass it off as another kind': 'Stopped, HTTP 404',
      'Call an exhibit that was closed': 'Stopped, HTTP 422',
      'Redeem it from another account': 'Stopped, HTTP 404',
    })
    await context.close()
  })
})
