using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Tests.Differential;
using Faultline.Cpu.Translator;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>
/// Loops of generated floating-point code, in which translated code looks at few of the numbers: whatever these are (zeros, denormals, infinities, NaNs, sizes on either side of what it
/// takes for granted), and whatever MXCSR says, results and flags are as interpreted.
/// </summary>
public sealed unsafe class FloatRegionTests
{
    private const int Slots = 32;

    private static readonly Code[] s_scalarDoubles = [Code.Addsd_xmm_xmmm64, Code.Subsd_xmm_xmmm64, Code.Mulsd_xmm_xmmm64, Code.Mulsd_xmm_xmmm64, Code.Divsd_xmm_xmmm64, Code.Sqrtsd_xmm_xmmm64, Code.Ucomisd_xmm_xmmm64];
    private static readonly Code[] s_packedDoubles = [Code.Addpd_xmm_xmmm128, Code.Subpd_xmm_xmmm128, Code.Mulpd_xmm_xmmm128, Code.Mulpd_xmm_xmmm128, Code.Divpd_xmm_xmmm128, Code.Sqrtpd_xmm_xmmm128];
    private static readonly Code[] s_scalarSingles = [Code.Addss_xmm_xmmm32, Code.Subss_xmm_xmmm32, Code.Mulss_xmm_xmmm32, Code.Mulss_xmm_xmmm32, Code.Divss_xmm_xmmm32, Code.Sqrtss_xmm_xmmm32, Code.Comiss_xmm_xmmm32];
    private static readonly Code[] s_packedSingles = [Code.Addps_xmm_xmmm128, Code.Subps_xmm_xmmm128, Code.Mulps_xmm_xmmm128, Code.Mulps_xmm_xmmm128, Code.Divps_xmm_xmmm128, Code.Sqrtps_xmm_xmmm128];

    private static readonly Code[] s_wideDoubles =
    [
        Code.VEX_Vaddpd_ymm_ymm_ymmm256, Code.VEX_Vsubpd_ymm_ymm_ymmm256, Code.VEX_Vmulpd_ymm_ymm_ymmm256, Code.VEX_Vdivpd_ymm_ymm_ymmm256, Code.VEX_Vfmadd213pd_ymm_ymm_ymmm256,
        Code.VEX_Vfnmadd231pd_ymm_ymm_ymmm256, Code.VEX_Vaddsd_xmm_xmm_xmmm64, Code.VEX_Vmulsd_xmm_xmm_xmmm64, Code.VEX_Vfmsub132sd_xmm_xmm_xmmm64, Code.VEX_Vmulpd_xmm_xmm_xmmm128,
    ];

    private static readonly Code[] s_wideSingles =
    [
        Code.VEX_Vaddps_ymm_ymm_ymmm256, Code.VEX_Vsubps_ymm_ymm_ymmm256, Code.VEX_Vmulps_ymm_ymm_ymmm256, Code.VEX_Vdivps_ymm_ymm_ymmm256, Code.VEX_Vfmadd231ps_ymm_ymm_ymmm256,
        Code.VEX_Vfmadd213ss_xmm_xmm_xmmm32, Code.VEX_Vaddss_xmm_xmm_xmmm32, Code.VEX_Vmulps_xmm_xmm_xmmm128,
    ];

    private static readonly Code[] s_moves =
    [
        Code.Movapd_xmm_xmmm128, Code.Movaps_xmm_xmmm128, Code.Movsd_xmm_xmmm64, Code.Movss_xmm_xmmm32, Code.Unpcklpd_xmm_xmmm128, Code.Unpckhpd_xmm_xmmm128, Code.Unpcklps_xmm_xmmm128,
        Code.Movddup_xmm_xmmm64, Code.Xorps_xmm_xmmm128, Code.Pxor_xmm_xmmm128, Code.Movlhps_xmm_xmm, Code.Movhlps_xmm_xmm, Code.Movq_xmm_xmmm64,
    ];

    private static readonly Code[] s_wideMoves =
    [
        Code.VEX_Vmovapd_ymm_ymmm256, Code.VEX_Vmovaps_xmm_xmmm128, Code.VEX_Vbroadcastsd_ymm_xmm, Code.VEX_Vbroadcastss_ymm_xmm, Code.VEX_Vunpcklpd_ymm_ymm_ymmm256,
        Code.VEX_Vxorpd_xmm_xmm_xmmm128, Code.VEX_Vxorps_ymm_ymm_ymmm256, Code.VEX_Vunpckhps_xmm_xmm_xmmm128,
    ];

    private static readonly Assumptions[] s_assumed =
    [
        Assumptions.All, Assumptions.All & ~Assumptions.NearFloats, Assumptions.All & ~Assumptions.Precise, Assumptions.All & ~Assumptions.RoutineFloats,
    ];

    [Fact]
    public void GeneratedLoopsEndAlike()
    {
        // Without vectors in hardware compiling a loop takes the JIT ten times as long.
        int cases = Vector128.IsHardwareAccelerated ? 4000 : 800;
        List<string> failures = [];
        Parallel.For(0, cases, i =>
        {
            string expected = Outcome(i, ExecutionEngine.Interpreter, Assumptions.All);
            foreach (Assumptions assumes in i % 4 == 0 ? s_assumed : s_assumed[..1])
            {
                string found = Outcome(i, ExecutionEngine.Translator, assumes);
                if (expected == found)
                    continue;
                lock (failures)
                    failures.Add($"case {i}, assuming {assumes}\ninterpreted {expected}\ntranslated  {found}");
            }
        });
        Assert.True(failures.Count == 0, $"{failures.Count} differ\n{string.Join('\n', failures.Take(3))}");
    }

    /// <summary>
    /// A sum that is carried round the loop grows out of what regions take for granted, and a product of it on to infinity: what that raises is raised when it comes, and the code,
    /// which leaves ever more often, is made anew.
    /// </summary>
    [Theory]
    [MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void GrowsToInfinity(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        guest.State->Mxcsr = 0x1fa0;
        guest.Memory.Write(GuestCode.DataStart, BitConverter.GetBytes(1.001), out _);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, 1_000_000);
            a.mov(rsi, GuestCode.DataStart);
            a.movsd(xmm1, __qword_ptr[rsi]);
            a.movapd(xmm0, xmm1);
            a.Label(ref loop);
            a.mulsd(xmm0, xmm1);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal(double.PositiveInfinity, BitConverter.UInt64BitsToDouble(guest.State->Vectors[0]));
        Assert.Equal(0x1fa8U, guest.State->Mxcsr);
    }

    /// <summary>The other way, to denormal numbers and to zero.</summary>
    [Theory]
    [MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void ShrinksToZero(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        guest.State->Mxcsr = 0x1f80;
        guest.Memory.Write(GuestCode.DataStart, BitConverter.GetBytes(0.3), out _);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel(), rest = a.CreateLabel();
            a.mov(rsi, GuestCode.DataStart);
            a.mov(ecx, 600);
            a.movsd(xmm0, __qword_ptr[rsi]);
            a.Label(ref loop);
            a.mulsd(xmm0, __qword_ptr[rsi]);
            a.dec(ecx);
            a.jne(loop);
            a.mov(ecx, 1_000_000);
            a.Label(ref rest);
            a.mulsd(xmm0, __qword_ptr[rsi]);
            a.dec(ecx);
            a.jne(rest);
        });
        Assert.Equal(0UL, guest.State->Vectors[0]);
        Assert.Equal(0x1fb2U, guest.State->Mxcsr);
    }

    private static string Outcome(int number, ExecutionEngine engine, Assumptions assumes)
    {
        SplitMix random = SplitMix.Of(20261122, 1, number);
        using GuestCode guest = new(CpuModel.V3, engine: engine);
        if (guest.Processor.Translations is { } translations)
            translations.Assumes = assumes;
        int single = random.Below(2), odd = random.Pick<int>([0, 2, 2, 10, 40]);
        byte[] data = new byte[Slots * 32];
        Fill(random, data, single, odd);
        guest.Memory.Write(GuestCode.DataStart, data, out _);
        guest.Assemble(a => Generate(a, random, single == 1));
        byte[] registers = new byte[512];
        Fill(random, registers, single, odd / 2);
        for (int i = 0; i < 16; i++)
            registers.AsSpan(32 * i, 32).CopyTo(new Span<byte>((byte*)guest.State + CpuState.VectorOffset(i), 32));
        guest.State->Mxcsr = random.Below(10) switch { 0 => 0x1f80, 1 => 0x1fa0 | (uint)random.Next() & 0x8040, 2 => 0x1fa0 ^ (uint)random.Next() & 0xffff, _ => 0x1fa0 };

        ExitReason exit = guest.Processor.Run(2_000);
        guest.Memory.Read(GuestCode.DataStart, data, out _);
        HashCode memory = new();
        memory.AddBytes(data);
        CpuState* s = guest.State;
        string vectors = string.Join(' ', Enumerable.Range(0, 6).Select(i => Convert.ToHexString(new ReadOnlySpan<byte>((byte*)s + CpuState.VectorOffset(i), 32))));
        return $"{exit} rip {s->Rip:x} flags {Flags.Materialize(s):x} mxcsr {s->Mxcsr:x} rax {s->Gpr[0]:x} rcx {s->Gpr[1]:x} {vectors} memory {memory.ToHashCode():x} executed {guest.Processor.InstructionsExecuted}";
    }

    /// <summary>Numbers of about one size, and so many in a hundred that are trouble.</summary>
    private static void Fill(SplitMix random, Span<byte> to, int single, int odd)
    {
        int spread = random.Pick<int>(single == 1 ? [2, 2, 2, 34, 42, 60] : [2, 2, 2, 260, 345, 500]);
        for (int i = 0; i < to.Length; i += single == 1 ? 4 : 8)
        {
            int exponent = random.Chance(50) ? random.Below(5) - 2 : random.Below(2 * spread + 1) - spread;
            if (single == 1)
            {
                uint value = random.Chance(odd) ? TroubleValues.Single(random) : (uint)(127 + exponent) << 23 | (uint)random.Next() & 0x807fffff;
                BitConverter.TryWriteBytes(to[i..], value);
            }
            else
            {
                ulong value = random.Chance(odd) ? TroubleValues.Double(random) : (ulong)(1023 + exponent) << 52 | random.Next() & 0x800fffffffffffff;
                BitConverter.TryWriteBytes(to[i..], value);
            }
        }
    }

    /// <summary>A loop, often in another one, of operations on few registers.</summary>
    private static void Generate(Assembler a, SplitMix random, bool single)
    {
        bool wide = random.Chance(30), nested = random.Chance(60);
        Label outer = a.CreateLabel(), inner = a.CreateLabel();
        a.mov(rsi, GuestCode.DataStart);
        a.mov(ecx, 3 + random.Below(6));
        Body(a, random, single, wide, random.Below(4));
        a.Label(ref outer);
        if (nested)
        {
            Body(a, random, single, wide, random.Below(5));
            a.mov(edx, 1 + random.Below(4));
            a.Label(ref inner);
        }
        Body(a, random, single, wide, 2 + random.Below(9));
        if (nested)
        {
            a.add(rsi, 32);
            a.dec(edx);
            a.jne(inner);
            a.sub(rsi, 32);
            Body(a, random, single, wide, random.Below(4));
            a.mov(rsi, GuestCode.DataStart);
        }
        a.nop();
        a.dec(ecx);
        a.jne(outer);
    }

    private static void Body(Assembler a, SplitMix random, bool single, bool wide, int count)
    {
        Code[] operations = (single, wide) switch
        {
            (false, false) => random.Chance(60) ? s_scalarDoubles : s_packedDoubles,
            (true, false) => random.Chance(60) ? s_scalarSingles : s_packedSingles,
            (false, true) => s_wideDoubles,
            _ => s_wideSingles,
        };
        for (int i = 0; i < count; i++)
        {
            switch (random.Below(20))
            {
                case < 12:
                    Add(a, random, random.Pick<Code>(operations), 25);
                    break;
                case < 17:
                    Add(a, random, random.Pick<Code>(wide ? s_wideMoves : s_moves), 35);
                    break;
                case 17:
                    // Between registers of their own, so that what is stored comes up again.
                    if (single)
                        a.movss(__dword_ptr[rsi + random.Below(Slots / 2) * 32], new AssemblerRegisterXMM(Register.XMM0 + random.Below(6)));
                    else
                        a.movsd(__qword_ptr[rsi + random.Below(Slots / 2) * 32], new AssemblerRegisterXMM(Register.XMM0 + random.Below(6)));
                    break;
                case 18:
                    a.cvtsi2sd(new AssemblerRegisterXMM(Register.XMM0 + random.Below(6)), ecx);
                    break;
                default:
                    Label over = a.CreateLabel();
                    a.test(ecx, random.Pick<int>([1, 2, 4]));
                    a.je(over);
                    Add(a, random, random.Pick<Code>(operations), 25);
                    a.Label(ref over);
                    a.inc(eax);
                    break;
            }
        }
    }

    /// <summary>An instruction with random registers, its last operand now and then in memory.</summary>
    private static void Add(Assembler a, SplitMix random, Code code, int memoryChance)
    {
        Instruction instruction = new() { Code = code };
        OpCodeInfo info = code.ToOpCode();
        for (int i = 0; i < info.OpCount; i++)
        {
            OpCodeOperandKind kind = info.GetOpKind(i);
            bool isMemory = kind is OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.ymm_or_mem;
            bool isWide = kind is OpCodeOperandKind.ymm_or_mem or OpCodeOperandKind.ymm_reg or OpCodeOperandKind.ymm_vvvv;
            if (isMemory && random.Chance(memoryChance))
            {
                instruction.SetOpKind(i, OpKind.Memory);
                instruction.MemoryBase = Register.RSI;
                instruction.MemoryDisplacement64 = (ulong)random.Below(Slots / 2) * 32;
                instruction.MemoryDisplSize = 1;
                continue;
            }
            instruction.SetOpKind(i, OpKind.Register);
            instruction.SetOpRegister(i, (isWide ? Register.YMM0 : Register.XMM0) + random.Below(6));
        }
        // What clears a register clears the same one.
        if (code is Code.Xorps_xmm_xmmm128 or Code.Pxor_xmm_xmmm128 && instruction.Op1Kind == OpKind.Register)
            instruction.Op1Register = instruction.Op0Register;
        else if (code is Code.VEX_Vxorpd_xmm_xmm_xmmm128 or Code.VEX_Vxorps_ymm_ymm_ymmm256 && instruction.Op2Kind == OpKind.Register)
            instruction.Op2Register = instruction.Op1Register;
        a.AddInstruction(instruction);
    }
}
