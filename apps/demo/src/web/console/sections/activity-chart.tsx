import { type Counted, countByTime } from './count-activity.js'
import './activity-chart.css'

const width = 600
const height = 140

/** A stacked bar chart of calls over time: successful ones, with refused ones on top. */
export function ActivityChart({ activity, hours }: { readonly activity: readonly Counted[]; readonly hours: number }) {
  const columns = countByTime(activity, hours, Date.now())
  const most = Math.max(1, ...columns.map(({ ok, refused }) => ok + refused))
  const step = width / columns.length
  const total = columns.reduce((sum, { ok, refused }) => sum + ok + refused, 0)
  const refusedTotal = columns.reduce((sum, { refused }) => sum + refused, 0)
  const label = `${total} calls, ${refusedTotal} refused, at most ${most} per bar`
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} preserveAspectRatio="none">
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
        <span>{hours === 1 ? '1 hour' : `${hours} hours`} ago</span>
        <span>
          <i className="chart-key" data-kind="ok" /> succeeded <i className="chart-key" data-kind="refused" /> refused
        </span>
        <span>now</span>
      </figcaption>
      {total === 0 && <p className="quiet">No calls yet. Calls appear here after a few seconds.</p>}
    </figure>
  )
}
