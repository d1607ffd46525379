import { type Counted, countByTime } from './count-activity.js'
import './activity-chart.css'

const width = 600
const height = 140

/** Columns of calls over time: those that went well, and above them those that were refused. */
export function ActivityChart({ activity, hours }: { readonly activity: readonly Counted[]; readonly hours: number }) {
  const columns = countByTime(activity, hours, Date.now())
  const most = Math.max(1, ...columns.map(({ ok, refused }) => ok + refused))
  const step = width / columns.length
  const total = columns.reduce((sum, { ok, refused }) => sum + ok + refused, 0)
  const refusedTotal = columns.reduce((sum, { refused }) => sum + refused, 0)
  const says = `${total} calls, ${refusedTotal} of them refused; ${most} at most in one column`
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={says} preserveAspectRatio="none">
        {columns.map(({ from, ok, refused }, i) => {
          const okHeight = (ok / most) * height
          const refusedHeight = (refused / most) * height
          return (
            <g key={from}>
              <rect className="chart-ok" x={i * step + 1} y={height - okHeight} width={step - 2} height={okHeight} />
              <rect
                className="chart-refused"
                x={i * step + 1}
                y={height - okHeight - refusedHeight}
                width={step - 2}
                height={refusedHeight}
              />
            </g>
          )
        })}
      </svg>
      <figcaption className="chart-legend small">
        <span>{hours === 1 ? 'an hour' : `${hours} hours`} ago</span>
        <span>
          <i className="chart-key" data-kind="ok" /> went well <i className="chart-key" data-kind="refused" /> refused
        </span>
        <span>now</span>
      </figcaption>
      {total === 0 && <p className="quiet">No call yet. They show here some seconds after they were made.</p>}
    </figure>
  )
}
