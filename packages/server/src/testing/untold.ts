/** For a cutoff of a test that is about no webhooks. */
export const untold = () => undefined
