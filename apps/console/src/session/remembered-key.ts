const storageKey = 'hallpass-console-key'

/** The key of this tab, if the operator asked to keep it. Storage can be forbidden, and then nothing is kept. */
export const rememberedKey = {
  read: (): string | undefined => attempt(() => sessionStorage.getItem(storageKey) ?? undefined),
  keep: (apiKey: string): void => attempt(() => sessionStorage.setItem(storageKey, apiKey)),
  forget: (): void => attempt(() => sessionStorage.removeItem(storageKey)),
}

function attempt<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch {
    return undefined
  }
}
