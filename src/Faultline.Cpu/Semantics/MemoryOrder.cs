using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Faultline.Cpu.Semantics;

/// <summary>
/// The order in which others see the ordinary loads and stores of a guest thread. x86 shows loads in program order and stores in program order (SDM vol. 3, 8.2.2); where the
/// host does not do so by itself, each load is followed by a barrier that nothing later passes, and each store comes after one that nothing earlier passes.
/// </summary>
internal static class MemoryOrder
{
    /// <summary>Set to 1: order accesses on every host, so that this can be tested on x86 hosts, where it costs little.</summary>
    public const string Variable = "FAULTLINE_ORDER_ACCESSES";

    /// <summary>Whether accesses have to be ordered. Decided once, so that the JIT drops the other case.</summary>
    public static readonly bool IsExplicit =
        RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.X86) || Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>After loads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Loaded()
    {
        if (IsExplicit)
            Volatile.ReadBarrier();
    }

    /// <summary>Before stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Storing()
    {
        if (IsExplicit)
            Volatile.WriteBarrier();
    }
}
