using System.Runtime.CompilerServices;

namespace Faultline.Memory;

/// <summary>A host thread that may run guest code: one look at what is the thread's own, which costs as much as ten instructions, says who it is and for whom it runs.</summary>
internal sealed class HostThread
{
    [ThreadStatic]
    private static HostThread? t_current;

    private HostThread()
    {
    }

    /// <summary>The calling one.</summary>
    public static HostThread Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_current ?? Make();
    }

    /// <summary>Whose guest code it ran last, or null. Its own: other threads do not look.</summary>
    public AddressSpaceUser? User { get; set; }

    private static HostThread Make() => t_current = new HostThread();
}
