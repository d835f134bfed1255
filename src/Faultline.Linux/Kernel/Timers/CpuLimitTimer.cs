using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;

namespace Faultline.Linux.Kernel.Timers;

/// <summary>RLIMIT_CPU: SIGXCPU at the soft limit and at each second after it, SIGKILL at the hard one (check_rlimit in kernel/time/posix-cpu-timers.c).</summary>
internal sealed class CpuLimitTimer(Process process) : QueuedTimer
{
    private const long Second = 1_000_000_000;

    /// <summary>How often the time is looked at, at most; it stands still while nothing runs, and several threads use it up faster than the clock.</summary>
    private const long Poll = 10_000_000;

    /// <summary>Looks again when the limit can have been reached.</summary>
    public void Schedule()
    {
        Rlimit64 limit = process.Limits[Resource.RLIMIT_CPU];
        ulong next = Math.Min(limit.rlim_cur, limit.rlim_max);
        if (next > long.MaxValue / Second || process.IsExiting)
            return;
        long left = ((long)next * Second - process.CpuTime) / Math.Max(1, process.LivingThreads);
        process.Kernel.Timers.Set(this, process.Kernel.Host.Clock.Monotonic + Math.Max(left, Poll));
    }

    /// <inheritdoc/>
    public override void Expire()
    {
        Rlimit64 limit = process.Limits[Resource.RLIMIT_CPU];
        ulong used = (ulong)(process.CpuTime / Second);
        if (used >= limit.rlim_max)
        {
            _ = process.Send(new Siginfo { si_signo = Sig.SIGKILL, si_code = Sig.SI_KERNEL });
            return;
        }
        if (used >= limit.rlim_cur)
        {
            // Linux raises the soft limit itself, for the next second's signal.
            process.Limits[Resource.RLIMIT_CPU] = limit with { rlim_cur = limit.rlim_cur + 1 };
            _ = process.Send(new Siginfo { si_signo = Sig.SIGXCPU, si_code = Sig.SI_KERNEL });
        }
        Schedule();
    }
}
