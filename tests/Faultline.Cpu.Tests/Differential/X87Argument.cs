using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Whether ST(0) lies where an x87 function is defined.</summary>
internal static unsafe class X87Argument
{
    /// <summary>For F2XM1 and FYL2XP1; special values count as defined.</summary>
    public static bool InRange(Mnemonic mnemonic, MachineState before)
    {
        ulong significand = *(ulong*)(before.Fx + MachineState.StOffset);
        int exponent = *(ushort*)(before.Fx + MachineState.StOffset + 8) & 0x7fff;
        if (exponent == 0x7fff || (exponent != 0 && significand >> 63 == 0))
            return true;
        // 1 - sqrt(1/2) is 0.2928..., and everything below a quarter is safely within.
        return mnemonic == Mnemonic.F2xm1 ? exponent < 0x3fff || (exponent == 0x3fff && significand == 1UL << 63) : exponent < 0x3ffd;
    }
}
