using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Faultline.Cpu.Semantics;

/// <summary>
/// The order in which others see the ordinary loads and stores of a guest thread. x86 shows loads in program order and stores in program order (SDM vol. 3, 8.2.2); where the
/// host does not do so by itself, each load is followed by a barrier that nothing later passes, and each store comes after one that nothing earlier passes.
/// </summary>
internal static class MemoryOrder
{
    /// <summary>
    /// Set to 1: order accesses on every host, so that this can be tested on x86 hosts, where it costs little: those of translated code, and, where
    /// the runtime's intrinsics are off (<c>DOTNET_EnableHWIntrinsic=0</c>), those of the interpreter.
    /// </summary>
    public const string Variable = "FAULTLINE_ORDER_ACCESSES";

    /// <summary>Whether translated accesses have to be ordered. Decided once, so that the JIT drops the other case.</summary>
    public static readonly bool IsExplicit =
        RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.X86) || Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>
    /// Whether the interpreter's have to be. A constant on x86 hosts when code is compiled ahead of time, too: there a look at a static field is a call,
    /// for which handlers that load or store would need a frame.
    /// </summary>
    private static bool IsExplicitForHandlers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !X86Base.IsSupported && IsExplicit;
    }

    /// <summary>After loads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Loaded()
    {
        if (IsExplicitForHandlers)
            Volatile.ReadBarrier();
    }

    /// <summary>Before stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Storing()
    {
        if (IsExplicitForHandlers)
            Volatile.WriteBarrier();
    }
}
