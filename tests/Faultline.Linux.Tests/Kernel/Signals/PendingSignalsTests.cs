using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel.Signals;

namespace Faultline.Linux.Tests.Kernel.Signals;

/// <summary>The queue of signals.</summary>
public class PendingSignalsTests
{
    [Fact]
    public void AStandardSignalIsKeptOnceARealTimeSignalAsOftenAsSent()
    {
        PendingSignals pending = new();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(pending.Add(Make(Sig.SIGUSR1, i), 100));
            Assert.True(pending.Add(Make(Sig.SIGRTMIN, i), 100));
        }
        Assert.Equal(Sig.Bit(Sig.SIGUSR1) | Sig.Bit(Sig.SIGRTMIN), pending.Set);
        Assert.Equal([10, 32, 32, 32], Drain(pending, ulong.MaxValue).Select(info => info.si_signo));
        Assert.Equal(0UL, pending.Set);
    }

    [Fact]
    public void FaultsComeFirstThenTheLowestNumber()
    {
        PendingSignals pending = new();
        foreach (int signal in new[] { Sig.SIGTERM, Sig.SIGHUP, Sig.SIGSEGV, Sig.SIGRTMIN + 3, Sig.SIGUSR1 })
            pending.Add(Make(signal, 0), 100);
        Assert.Equal([11, 1, 10, 15, 35], Drain(pending, ulong.MaxValue).Select(info => info.si_signo));
    }

    [Fact]
    public void OnlyWantedSignalsAreTaken()
    {
        PendingSignals pending = new();
        pending.Add(Make(Sig.SIGTERM, 1), 100);
        Assert.False(pending.TryTake(~Sig.Bit(Sig.SIGTERM), out _));
        Assert.True(pending.TryTake(Sig.Bit(Sig.SIGTERM), out Siginfo info));
        Assert.Equal(1UL, info.si_value);
    }

    [Fact]
    public void AFullQueueLosesTheValueAndSaysSo()
    {
        PendingSignals pending = new();
        Assert.True(pending.Add(Make(Sig.SIGRTMIN, 1), 1));
        Assert.False(pending.Add(Make(Sig.SIGRTMIN + 1, 2), 1));
        Assert.Equal([(32, 1UL), (33, 0UL)], Drain(pending, ulong.MaxValue).Select(info => (info.si_signo, info.si_value)));
    }

    private static Siginfo Make(int signal, int value) => new() { si_signo = signal, si_code = Sig.SI_QUEUE, si_value = (ulong)value };

    private static List<Siginfo> Drain(PendingSignals pending, ulong wanted)
    {
        List<Siginfo> all = [];
        while (pending.TryTake(wanted, out Siginfo info))
            all.Add(info);
        return all;
    }
}
