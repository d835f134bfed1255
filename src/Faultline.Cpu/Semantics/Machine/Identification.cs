using System.Security.Cryptography;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Machine;

/// <summary>What the processor tells about itself, the time and chance: CPUID, XGETBV, RDTSC, RDTSCP, RDPID, RDRAND, RDSEED (SDM vol. 2).</summary>
internal static unsafe class Identification
{
    public static void Cpuid(CpuState* s, Operation* op)
    {
        (uint a, uint b, uint c, uint d) = Processor.Of(s).Model.Cpuid((uint)s->Gpr[0], (uint)s->Gpr[1]);
        s->Gpr[0] = a;
        s->Gpr[3] = b;
        s->Gpr[1] = c;
        s->Gpr[2] = d;
    }

    /// <summary>ECX = 0: XCR0. ECX = 1, with XGETBV1: its components that are in use. Any other is #GP.</summary>
    public static void Xgetbv(CpuState* s, Operation* op)
    {
        uint register = (uint)s->Gpr[1];
        if (register > 1 || (register == 1 && !Processor.Of(s).Model.Has(CpuFeature.Xgetbv1)))
            Raise.GeneralProtection(s);
        ulong value = register == 0 ? s->Xcr0 : Xsave.InUseWithControl(s, s->Xcr0);
        s->Gpr[0] = (uint)value;
        s->Gpr[2] = value >> 32;
    }

    public static void Rdtsc(CpuState* s, Operation* op)
    {
        ulong now = Processor.Of(s).ReadTimestamp();
        s->Gpr[0] = (uint)now;
        s->Gpr[2] = now >> 32;
    }

    public static void Rdtscp(CpuState* s, Operation* op)
    {
        Rdtsc(s, op);
        s->Gpr[1] = Processor.Of(s).TscAux;
    }

    /// <summary>The operand is 64 bits wide whatever the prefixes.</summary>
    public static void Rdpid(CpuState* s, Operation* op) => Operand.SetRegister(s, op->Op0, (ulong)Processor.Of(s).TscAux);

    public static void Random16(CpuState* s, Operation* op) => Random<ushort>(s, op);

    public static void Random32(CpuState* s, Operation* op) => Random<uint>(s, op);

    public static void Random64(CpuState* s, Operation* op) => Random<ulong>(s, op);

    /// <summary>Always ready: CF is 1, the other status flags 0.</summary>
    private static void Random<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        T value;
        RandomNumberGenerator.Fill(new Span<byte>(&value, sizeof(T)));
        Operand.SetRegister(s, op->Op0, value);
        Flags.SetStatus(s, Rflags.CF);
    }
}
