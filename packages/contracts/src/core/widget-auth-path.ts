/** What the paths that give a page its tokens begin with. In a file of its own, so that a page carries nothing else. */
export const widgetAuthPath = '/api/v1/widget/auth/'
