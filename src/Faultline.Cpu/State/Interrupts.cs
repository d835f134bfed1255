namespace Faultline.Cpu.State;

/// <summary>Bits of <see cref="CpuState.InterruptRequested"/>.</summary>
internal static class Interrupts
{
    /// <summary>Someone wants the processor to return.</summary>
    public const int Stop = 1;

    /// <summary>Translated code is ready to be installed.</summary>
    public const int Install = 2;

    /// <summary>Another thread has changed code, or waits for this one to have nothing in flight.</summary>
    public const int Pass = 4;

    /// <summary>Everything that can be asked for.</summary>
    public const int All = Stop | Install | Pass;
}
