using System.Reflection;
using System.Runtime.CompilerServices;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Profiling;

/// <summary>What translated code calls at its edges when it is profiled, beside what <see cref="Translator.RegionExits"/> has.</summary>
internal static unsafe class ProfiledEdges
{
    /// <summary>A region is entered.</summary>
    /// <param name="s">The state.</param>
    /// <param name="fuel">Instructions that it may execute.</param>
    /// <param name="counters">Its counters.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter(CpuState* s, long fuel, RegionCounters* counters)
    {
        counters->Entries++;
        counters->Instructions += fuel;
        s->Running = counters;
    }

    /// <summary>A region is left.</summary>
    /// <param name="s">The state.</param>
    /// <param name="fuel">Instructions that it might have gone on to execute.</param>
    /// <param name="counters">Its counters.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Leave(CpuState* s, long fuel, RegionCounters* counters)
    {
        counters->Instructions -= fuel;
        s->Running = null;
    }

    /// <summary>A region, if one runs that is profiled, is left by an exception with <see cref="CpuState.Budget"/> unused.</summary>
    public static void Raise(CpuState* s)
    {
        if (s->Running is not null)
            Leave(s, s->Budget, s->Running);
    }

    /// <summary>One of these methods.</summary>
    public static MethodInfo Method(string name) => typeof(ProfiledEdges).GetMethod(name) ?? throw new MissingMethodException(nameof(ProfiledEdges), name);
}
