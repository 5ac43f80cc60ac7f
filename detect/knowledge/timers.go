package knowledge

// TimerOptions are the options that tune keepalive. Source: tcp(7) of Linux,
// FreeBSD and Solaris, the xnu and Windows headers.
var TimerOptions = SetOf(`TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_KEEPALIVE TCP_KEEPALIVE_THRESHOLD TCP_KEEPALIVE_ABORT_THRESHOLD
	TCP_KEEPALIVE_ABORT_INTERVAL TCP_KEEPALIVE_INTERVAL TCP_KEEPALIVE_COUNT TCP_KEEPINIT`)

// TimerKind is what a timer's value means.
type TimerKind string

const (
	TimerIdle     TimerKind = "idle time"
	TimerInterval TimerKind = "interval"
	TimerCount    TimerKind = "probe count"
)

// TimerKinds are the kinds of the options whose unit is the same everywhere.
var TimerKinds = map[string]TimerKind{
	"TCP_KEEPIDLE": TimerIdle, "TCP_KEEPALIVE": TimerIdle, "TCP_KEEPINTVL": TimerInterval, "TCP_KEEPCNT": TimerCount,
}

// The highest values of the timers; the lowest is 1. Source: Linux's
// include/net/tcp.h (MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL, MAX_TCP_KEEPCNT), setsockopt()
// answers EINVAL outside; TCP_USER_TIMEOUT takes any C int, see tcp(7).
const (
	MaxIdle        = 32767     // seconds
	MaxInterval    = 32767     // seconds
	MaxCount       = 127       // probes
	MaxUserTimeout = 1<<31 - 1 // milliseconds
)

// The timers that keepatch suggests: an idle connection survives boxes that forget it after
// four minutes or more, and a dead peer is noticed after five minutes.
const (
	SuggestedIdle     = 180 // seconds
	SuggestedInterval = 30  // seconds
	SuggestedCount    = 4   // probes
)

// SettingMax is the highest value of each timer as the command line and the configuration
// name it.
var SettingMax = map[string]int{"idle": MaxIdle, "interval": MaxInterval, "count": MaxCount, "user-timeout": MaxUserTimeout}

// TimerMax is the highest value of each kind.
var TimerMax = map[TimerKind]int{TimerIdle: MaxIdle, TimerInterval: MaxInterval, TimerCount: MaxCount}
