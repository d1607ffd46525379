import type { ReactNode } from 'react'
import type { DemoSettings } from '../../shared/backend-api.js'
import type { Attempt } from '../attempts/attempt.js'
import { AttemptList } from '../attempts/attempt-list.js'
import type { Lane } from '../flow/exchange.js'
import type { Flow } from '../flow/flow.js'
import { FlowPanel } from '../flow/flow-panel.js'

import type { Snippet } from './projects.js'
import { UseThis } from './use-this.js'

interface Props {
  readonly title: string
  readonly lead: ReactNode
  readonly flow: Flow
  readonly lanes: readonly Lane[]
  readonly hint: string
  readonly attempts: readonly Attempt[]
  /** Code to start with in your own project. */
  readonly project: (settings: DemoSettings) => readonly Snippet[]
  /** The host page. */
  readonly children: ReactNode
}

/** A scene: the host page, next to it the diagram, and below them the attacks to try. */
export function ScenePage({ title, lead, flow, lanes, hint, attempts, project, children }: Props) {
  return (
    <div className="page scene">
      <header className="scene-head">
        <h1>{title}</h1>
        <p className="scene-lead">{lead}</p>
        <p className="scene-first">
          <b>Try first:</b> {hint}
        </p>
      </header>
      <div className="scene-stage">{children}</div>
      <div className="scene-flow">
        <FlowPanel flow={flow} lanes={lanes} hint={hint} />
      </div>
      <UseThis project={project} />
      <AttemptList attempts={attempts} flow={flow} />
    </div>
  )
}
