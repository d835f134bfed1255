using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Signals;

/// <summary><c>struct sigevent</c>, 64 bytes: how a timer tells that it expired.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct Sigevent
{
    public const int SIGEV_SIGNAL = 0;
    public const int SIGEV_NONE = 1;
    public const int SIGEV_THREAD = 2;
    public const int SIGEV_THREAD_ID = 4;

    /// <summary>Passed in si_value.</summary>
    [FieldOffset(0)]
    public ulong sigev_value;

    /// <summary>The signal.</summary>
    [FieldOffset(8)]
    public int sigev_signo;

    /// <summary>SIGEV_.</summary>
    [FieldOffset(12)]
    public int sigev_notify;

    /// <summary>SIGEV_THREAD_ID: which thread.</summary>
    [FieldOffset(16)]
    public int sigev_notify_thread_id;
}
